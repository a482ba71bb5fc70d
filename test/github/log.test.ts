import { expect, test } from "vitest";
import type { GitHubConnection } from "../../src/github/connection.ts";
import { taskWith } from "../core/task.ts";
import { createdComment, permission } from "./answers.ts";
import { useGitHub } from "./prepared.ts";
import { answer, comment, file, issue, MAIN } from "./survey-answers.ts";

// That neither key nor token nor anybody's words are in it is checked after each test of this directory.
const github = useGitHub();

const HELLO = "/repos/octo-org/hello";
const WORDS = "words that a person wrote";

/** Hands a webhook to Probot, as the HTTP server does. */
async function receive({ app }: GitHubConnection, sign: (body: string) => Promise<string>) {
  const payload = JSON.stringify({ action: "opened", issue: { title: WORDS, body: WORDS } });
  const signature = await sign(payload);
  const event = { id: "72d3162e", name: "issues", payload, signature };
  return app.webhooks.verifyAndReceive(event);
}

test("tells which requests were made and how they ended, and nothing of what was in them", async () => {
  const connection = await github.connectInstalled();
  github.answers(
    `GET ${HELLO}/collaborators/octocat/permission`,
    permission("read", { login: "octocat", id: 583_231 }),
  );
  const comments = { nodes: [comment(WORDS)] };
  const subject = issue({ title: WORDS, body: WORDS, comments });
  github.tells(answer({ subject, policy: file(MAIN, WORDS) }));
  github.answers(`POST ${HELLO}/issues/7/comments`, createdComment(5, WORDS));
  const message = `Validation Failed: ${WORDS}`;
  github.refuses(`PATCH ${HELLO}/issues/comments/5`, 422, { message });

  await connection.survey(taskWith());
  await connection.createComment(taskWith(), WORDS);
  await expect(connection.updateComment(taskWith(), 5, WORDS)).rejects.toThrow(message);

  const told = github.lines.map((line): unknown => JSON.parse(line)["msg"]);
  expect(told).toEqual([
    "GitHub request: POST https://api.github.com/app/installations/31/access_tokens - 201",
    `GitHub request: GET https://api.github.com${HELLO}/collaborators/octocat/permission - 200`,
    "GitHub request: POST https://api.github.com/graphql - 200",
    `GitHub request: POST https://api.github.com${HELLO}/issues/7/comments - 201`,
    `GitHub request: PATCH https://api.github.com${HELLO}/issues/comments/5 - 422`,
  ]);
  expect(github.lines.join("")).not.toContain(WORDS);
});

test("of a webhook that could not be handled, tells why and not what was in it", async () => {
  const connection = await github.connect();
  const { webhooks } = connection.app;
  webhooks.onAny(() => Promise.reject(new Error("The disk is full")));

  await expect(receive(connection, (body) => webhooks.sign(body))).rejects.toThrow(
    "The disk is full",
  );
  expect(github.lines.map((line): unknown => JSON.parse(line)["msg"])).toEqual([
    "The disk is full",
  ]);
  expect(github.lines.join("")).not.toContain(WORDS);
});

test("of a webhook with a wrong signature, tells nothing of it", async () => {
  const connection = await github.connect();
  const wrong = `sha256=${"0".repeat(64)}`;

  await expect(receive(connection, () => Promise.resolve(wrong))).rejects.toThrow(/signature/iu);
  expect(github.lines.join("")).not.toContain(WORDS);
  expect(github.lines.join("")).not.toContain(wrong);
});
