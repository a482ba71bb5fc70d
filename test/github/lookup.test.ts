import { describe, expect, test } from "vitest";
import { taskWith } from "../core/task.ts";
import { branch } from "./answers.ts";
import { refusal } from "./graphql.ts";
import { useGitHub } from "./prepared.ts";
import { file, MAIN, notFound } from "./survey-answers.ts";

const github = useGitHub();

const task = taskWith();

describe("a branch", () => {
  test.each([
    ["main", "main"],
    ["release/2.x", "release%2F2.x"],
    ["what? #1", "what%3F%20%231"],
  ])("%s", async (name, inPath) => {
    const connection = await github.connectInstalled();
    github.answers(`GET /repos/octo-org/hello/branches/${inPath}`, branch(name, MAIN));

    expect(await connection.branch(task, name)).toEqual({ branch: name, commit: MAIN });
  });

  test("that is not there", async () => {
    const connection = await github.connectInstalled();
    github.refuses("GET /repos/octo-org/hello/branches/gone", 404, { message: "Branch not found" });

    expect(await connection.branch(task, "gone")).toBeNull();
  });

  test("that GitHub doesn't return isn't taken for one that doesn't exist", async () => {
    const connection = await github.connectInstalled();
    github.refuses("GET /repos/octo-org/hello/branches/main", 403);

    await expect(connection.branch(task, "main")).rejects.toMatchObject({ status: 403 });
  });

  test("of an installation that is gone is not taken for one that is not there", async () => {
    const connection = await github.connect();
    github.refuses("POST /app/installations/31/access_tokens", 404);

    await expect(connection.branch(task, "main")).rejects.toMatchObject({ status: 404 });
  });
});

describe("a text", () => {
  const PATH = ".github/prompts/triage.md";
  const missing = notFound("a Repository with the name");

  test.each([
    ["repository", "hello"],
    ["organization", ".github"],
  ] as const)("of the %s is that of its default branch", async (of, name) => {
    const connection = await github.connectInstalled();
    github.returns({ repository: { file: file(MAIN, "# Triage\n") } });

    expect(await connection.text(task, of, PATH)).toBe("# Triage\n");
    expect(github.received.at(-1)?.body).toMatchObject({
      variables: { owner: "octo-org", name, file: `HEAD:${PATH}` },
    });
  });

  test.each([
    ["a file that is not there", { repository: { file: null } }],
    ["a file that is binary", { repository: { file: file(MAIN, null) } }],
    ["a directory", { repository: { file: { __typename: "Tree", oid: MAIN } } }],
  ])("is not there: %s", async (_what, source) => {
    const connection = await github.connectInstalled();
    github.returns(source);

    expect(await connection.text(task, "repository", PATH)).toBeNull();
  });

  test("is there and empty", async () => {
    const connection = await github.connectInstalled();
    github.returns({ repository: { file: file(MAIN, "") } });

    expect(await connection.text(task, "repository", PATH)).toBe("");
  });

  test("of an organization that has no `.github`", async () => {
    const connection = await github.connectInstalled();
    github.returns({ repository: missing });

    expect(await connection.text(task, "organization", PATH)).toBeNull();
  });

  test.each([
    ["of a repository that is gone", "repository", missing, "gone"],
    ["that it may not see", "organization", refusal("No", "FORBIDDEN"), "forbidden"],
    ["within a limit", "organization", refusal("API rate limit exceeded"), "unreachable"],
  ] as const)("is not known: %s", async (_what, of, source, type) => {
    const connection = await github.connectInstalled();
    github.returns({ repository: source });

    const error: unknown = await connection
      .text(task, of, PATH)
      .catch((rejected: unknown) => rejected);
    expect(connection.troubleOf(error)).toMatchObject({ type });
  });
});
