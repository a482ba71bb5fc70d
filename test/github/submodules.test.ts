import { describe, expect, test } from "vitest";
import { taskWith } from "../core/task.ts";
import { installationToken, permission, repository } from "./answers.ts";
import { useGitHub } from "./prepared.ts";

const github = useGitHub();

const task = taskWith();

const LIB = "GET /repos/octo-org/lib";
const PERMISSION = `${LIB}/collaborators/${task.requester.login}/permission` as const;
const TOKENS = "POST /app/installations/31/access_tokens";
const lib = { ...repository({ id: 4, name: "lib", private: true }), owner: ownerOf("octo-org") };

function ownerOf(login: string) {
  return { ...repository({}).owner, login };
}

function refusedWith(status: number, message: string, headers: Record<string, string> = {}) {
  return { status, message, headers };
}
const BLOCKED = refusedWith(403, "Repository access blocked");
const TAKEN_DOWN = refusedWith(451, "Repository unavailable due to DMCA takedown.");
const LIMITED = refusedWith(403, "You have exceeded a secondary rate limit", {
  "retry-after": "9",
});
const SUSPENDED = refusedWith(403, "This installation has been suspended");

describe("a submodule's repository", () => {
  test.each([BLOCKED, TAKEN_DOWN])(
    "that GitHub refuses stays empty: $status $message",
    async ({ status, ...refusal }) => {
      const connection = await github.connectInstalled();
      github.refuses(LIB, status, refusal);

      expect(await connection.submoduleToken(task, "lib")).toEqual({ type: "refused" });
    },
  );

  test("whose readers GitHub doesn't show stays empty", async () => {
    const connection = await github.connectInstalled();
    github.answers(LIB, lib);
    github.refuses(PERMISSION, 403, { message: "Resource not accessible by integration" });

    expect(await connection.submoduleToken(task, "lib")).toEqual({ type: "refused" });
  });

  test.each([LIMITED, SUSPENDED])(
    "isn't taken for one that's refused: $status $message",
    async ({ status, ...refusal }) => {
      const connection = await github.connectInstalled();
      github.refuses(LIB, status, refusal);

      await expect(connection.submoduleToken(task, "lib")).rejects.toMatchObject({ status });
    },
  );

  test.each([
    [404, "Not Found"],
    [403, "This installation has been suspended"],
  ])("of an installation that's gone isn't taken for one that isn't there: %i", async (...said) => {
    const [status, message] = said;
    const connection = await github.connect();
    github.refuses(TOKENS, status, { message });

    await expect(connection.submoduleToken(task, "lib")).rejects.toMatchObject({ status });
  });

  test("stays empty where it isn't there", async () => {
    const connection = await github.connectInstalled();
    github.refuses(LIB, 404);

    expect(await connection.submoduleToken(task, "lib")).toEqual({ type: "not_installed" });
  });

  test("gets a token that reads it alone, if its requester can read it", async () => {
    const connection = await github.connectInstalled();
    github.answers(LIB, lib);
    github.answers(PERMISSION, permission("read", task.requester));
    github.answers(TOKENS, installationToken("ghs_7hoP2qWe4rTy6uIo8pAs0dFg1hJk3lZx5cVb"));

    expect(await connection.submoduleToken(task, "lib")).toMatchObject({ type: "readable" });
    expect(github.received.at(-1)?.body).toEqual({
      repository_ids: [4],
      permissions: { contents: "read", metadata: "read" },
    });
  });

  test("stays empty if the App isn't installed there", async () => {
    const connection = await github.connectInstalled();
    github.answers(LIB, { ...lib, private: false });
    const message =
      "There is at least one repository that does not exist or is not accessible to the parent installation.";
    github.refuses(TOKENS, 422, { message });

    expect(await connection.submoduleToken(task, "lib")).toEqual({ type: "not_installed" });
  });
});
