import { expect, test } from "vitest";
import { taskWith } from "../core/task.ts";
import { createdComment, permission } from "./answers.ts";
import { useGitHub } from "./prepared.ts";
import { answer, comment, file, issue, MAIN, thread } from "./survey-answers.ts";

// That neither key nor token nor anybody's words are in it is checked after each test of this directory.
const github = useGitHub();

const HELLO = "/repos/octo-org/hello";
const WORDS = "words that a person wrote";

test("the log has which requests were made and how they ended, and nothing of what was in them", async () => {
  const connection = await github.connectInstalled();
  github.answers(
    `GET ${HELLO}/collaborators/octocat/permission`,
    permission("read", { login: "octocat", id: 583_231 }),
  );
  const comments = thread([comment(WORDS)]);
  const subject = issue({ title: WORDS, body: WORDS, comments });
  github.returns(answer({ subject, policy: file(MAIN, WORDS) }));
  github.answers(`POST ${HELLO}/issues/7/comments`, createdComment(5, WORDS));
  const message = `Validation Failed: ${WORDS}`;
  github.refuses(`PATCH ${HELLO}/issues/comments/5`, 422, { message });

  await connection.survey(taskWith());
  await connection.createComment(taskWith(), WORDS);
  await expect(connection.updateComment(taskWith(), 5, WORDS)).rejects.toThrow(message);

  const messages = github.lines.map((line): unknown => JSON.parse(line)["msg"]);
  expect(messages).toEqual([
    "GitHub request: POST https://api.github.com/app/installations/31/access_tokens - 201",
    `GitHub request: GET https://api.github.com${HELLO}/collaborators/octocat/permission - 200`,
    "GitHub request: POST https://api.github.com/graphql - 200",
    `GitHub request: POST https://api.github.com${HELLO}/issues/7/comments - 201`,
    `GitHub request: PATCH https://api.github.com${HELLO}/issues/comments/5 - 422`,
  ]);
  expect(github.lines.join("")).not.toContain(WORDS);
});
