import { describe, expect, test } from "vitest";
import { taskWith } from "../core/task.ts";
import { createdComment, installationToken, permission, reaction } from "./answers.ts";
import { useGitHub } from "./prepared.ts";

const github = useGitHub();

const PERMISSION = "GET /repos/octo-org/hello/collaborators/octocat/permission";
const COMMENTS = "POST /repos/octo-org/hello/issues/7/comments";
const REACTIONS = "POST /repos/octo-org/hello/issues/7/reactions";

const OCTOCAT = { login: "octocat", id: 583_231 };
const reader = permission("read", OCTOCAT);

async function secondsOf(work: Promise<unknown>): Promise<number> {
  const start = Date.now();
  await work;
  return Math.round((Date.now() - start) / 1000);
}

function grantToken(installationId: number): void {
  const expected = `POST /app/installations/${installationId}/access_tokens` as const;
  github.answers(expected, installationToken(`ghs_of_${installationId}`));
}

describe("when GitHub answers 502", () => {
  test("a comment is not created again: it may be there", async () => {
    const connection = await github.connectInstalled();
    github.refuses(COMMENTS, 502);

    const refused: unknown = await connection
      .createComment(taskWith(), "Started.")
      .catch((error: unknown) => error);
    expect(connection.troubleOf(refused)).toMatchObject({ type: "unreachable" });
  });

  test("a query is sent again, up to three times in 14 seconds", async () => {
    const connection = await github.connectInstalled();
    github.refuses(PERMISSION, 502, { times: 3 });
    github.answers(PERMISSION, reader);

    const role = connection.roleOf(taskWith(), OCTOCAT);
    expect(await secondsOf(role)).toBe(1 + 4 + 9);
    expect(await role).toBe("read");
  });

  test("a reaction, which GitHub keeps only once, is added again", async () => {
    const connection = await github.connectInstalled();
    github.refuses(REACTIONS, 502);
    github.answers(REACTIONS, reaction("eyes"), { status: 200 });

    await connection.react(taskWith(), "eyes");
  });

  test("all the time, the query is left to the task", async () => {
    const connection = await github.connectInstalled();
    github.refuses(PERMISSION, 502, { times: 4 });

    const refused: unknown = await connection
      .roleOf(taskWith(), OCTOCAT)
      .catch((error: unknown) => error);
    expect(connection.troubleOf(refused)).toMatchObject({ type: "unreachable" });
  });
});

describe("a rate limit is left to the task, which can wait without a process", () => {
  test.each([
    [101, "API rate limit exceeded", { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1" }],
    [102, "You have exceeded a secondary rate limit", { "retry-after": "1" }],
  ] as const)("in installation %i: %s", async (installationId, message, headers) => {
    const connection = await github.connect({ throttled: true });
    grantToken(installationId);
    github.refuses(PERMISSION, 403, { headers, message });

    const role = connection.roleOf(taskWith({ place: { installationId } }), OCTOCAT);
    await expect(role).rejects.toMatchObject({ status: 403 });
  });

  test("also when it's reported by 429", async () => {
    const connection = await github.connect({ throttled: true });
    grantToken(103);
    github.refuses(PERMISSION, 429, { headers: { "retry-after": "60" } });

    await expect(
      connection.roleOf(taskWith({ place: { installationId: 103 } }), OCTOCAT),
    ).rejects.toMatchObject({
      status: 429,
    });
  });
});

describe("the pace that GitHub asks for", () => {
  test("three seconds between comments", async () => {
    const connection = await github.connect({ throttled: true });
    grantToken(104);
    const task = taskWith({ place: { installationId: 104 } });
    for (const id of [1, 2]) github.answers(COMMENTS, createdComment(id, "Started."));

    const both = Promise.all([1, 2].map(() => connection.createComment(task, "Started.")));
    expect(await secondsOf(both)).toBe(3);
  });

  test("is kept by each installation for itself", async () => {
    const connection = await github.connect({ throttled: true });
    const ids = [105, 106];
    for (const id of ids) {
      grantToken(id);
      github.answers(COMMENTS, createdComment(id, "Started."));
    }

    const tasks = ids.map((installationId) => taskWith({ place: { installationId } }));
    const both = Promise.all(tasks.map((task) => connection.createComment(task, "Started.")));
    expect(await secondsOf(both)).toBe(0);
  });
});
