import { describe, expect, test } from "vitest";
import { taskWith } from "../core/task.ts";
import { branch, permission, pullRequest, repository } from "./answers.ts";
import { useGitHub } from "./prepared.ts";

const github = useGitHub();

const OCTOCAT = { login: "octocat", id: 583_231 };
const PERMISSION = "GET /repos/octo-org/hello/collaborators/octocat/permission";
const REPOSITORY = "GET /repos/octo-org/hello";
const PULL_REQUEST = "GET /repos/octo-org/hello/pulls/7";
const COMMIT = "6dcb09b5b57875f334f61aebed695e2e4193db5e";

const onIssue = taskWith();
const onPullRequest = taskWith({ subjectType: "pull_request" });

describe("for somebody who may write", () => {
  test.each(["admin", "write"])("%s on an issue: the tip of the default branch", async (level) => {
    const connection = await github.connectInstalled();
    github.answers(PERMISSION, permission(level, OCTOCAT));
    github.answers(REPOSITORY, repository({ default_branch: "trunk" }));
    github.answers(`${REPOSITORY}/branches/trunk`, branch("trunk", COMMIT));

    expect(await connection.facts(onIssue)).toEqual({
      permission: level,
      place: { branch: "trunk", commit: COMMIT },
      fromFork: false,
    });
  });

  test("a slash in the default branch's name stays within its name", async () => {
    const connection = await github.connectInstalled();
    github.answers(PERMISSION, permission("write", OCTOCAT));
    github.answers(REPOSITORY, repository({ default_branch: "release/2.x" }));
    github.answers(`${REPOSITORY}/branches/release%2F2.x`, branch("release/2.x", COMMIT));

    expect(await connection.facts(onIssue)).toMatchObject({
      place: { branch: "release/2.x", commit: COMMIT },
    });
  });

  test("a pull request: its head", async () => {
    const connection = await github.connectInstalled();
    github.answers(PERMISSION, permission("write", OCTOCAT));
    github.answers(PULL_REQUEST, pullRequest({ ref: "fix-crash", sha: COMMIT }));

    expect(await connection.facts(onPullRequest)).toEqual({
      permission: "write",
      place: { branch: "fix-crash", commit: COMMIT },
      fromFork: false,
    });
  });

  test("a pull request from a fork", async () => {
    const connection = await github.connectInstalled();
    github.answers(PERMISSION, permission("write", OCTOCAT));
    const { head } = pullRequest();
    github.answers(PULL_REQUEST, pullRequest({ repo: { ...head.repo, id: head.repo.id + 1 } }));

    expect(await connection.facts(onPullRequest)).toMatchObject({ fromFork: true });
  });

  test("a pull request from a fork that was deleted", async () => {
    const connection = await github.connectInstalled();
    github.answers(PERMISSION, permission("write", OCTOCAT));
    const answer = pullRequest();
    const orphan = { ...answer, head: { ...answer.head, repo: null } };
    // Null by the description of the webhooks, which this one has not caught up with.
    github.answers(PULL_REQUEST, orphan, { knownProblems: ["answer/head/repo must be object"] });

    expect(await connection.facts(onPullRequest)).toMatchObject({ fromFork: true });
  });
});

describe("for anybody else nothing is asked about the subject", () => {
  test.each([
    ["somebody who may read", permission("read", OCTOCAT), "read"],
    ["a stranger", permission("none", OCTOCAT), "none"],
    ["somebody who took over the login", permission("admin", { ...OCTOCAT, id: 1 }), "none"],
    ["an account that is gone", permission("admin", null), "none"],
  ])("%s", async (_who, answer, expected) => {
    const connection = await github.connectInstalled();
    github.answers(PERMISSION, answer);

    expect(await connection.facts(onIssue)).toEqual({ permission: expected });
  });

  test("a login that GitHub does not know", async () => {
    const connection = await github.connectInstalled();
    github.refuses(PERMISSION, 404);

    expect(await connection.facts(onPullRequest)).toEqual({ permission: "none" });
  });
});

test("a permission that GitHub does not tell is not taken for none", async () => {
  const connection = await github.connectInstalled();
  github.refuses(PERMISSION, 403, { message: "Resource not accessible by integration" });

  await expect(connection.facts(onIssue)).rejects.toMatchObject({ status: 403 });
});

test("an installation that was removed is not taken for a missing permission", async () => {
  const connection = await github.connect();
  github.refuses("POST /app/installations/31/access_tokens", 404);

  await expect(connection.facts(onIssue)).rejects.toMatchObject({ status: 404 });
});
