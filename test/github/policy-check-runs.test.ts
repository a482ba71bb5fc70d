import { describe, expect, test } from "vitest";
import { z } from "zod";
import { taskWith } from "../core/task.ts";
import { comparison } from "./answers.ts";
import type { Source } from "./graphql.ts";
import { refusal } from "./graphql.ts";
import { GRAPHQL, useGitHub } from "./prepared.ts";
import { answer, FEATURE, file, MAIN, ONCE, pull } from "./survey-answers.ts";

const github = useGitHub();

const { repositoryId, ownerId, owner, repository } = taskWith().place;
const PUSH = {
  repositoryId,
  commit: FEATURE,
  baseCommit: ONCE,
  pullNumber: 7,
  installationId: 31,
  ownerId,
  owner,
  repository,
};
const [OLD, NEW] = [file("1".repeat(40), "forks: deny\n"), file("2".repeat(40), "forks: base\n")];

/** A pull request with these files on a page, and whether there are more. */
function page(paths: readonly string[], next: string | null, texts: Source = {}): Source {
  const pageInfo = { hasNextPage: next !== null, endCursor: next };
  const files = { totalCount: 250, nodes: paths.map((path) => ({ path })), pageInfo };
  return answer({ before: OLD, after: NEW, ...texts, subject: pull({ files }) });
}

const LAST = { hasNextPage: false, endCursor: null };

const POLICY = ".github/copilot-tasks.yml";

const cursors = () =>
  github.received
    .slice(1)
    .map(({ body }) => z.object({ variables: z.looseObject({}) }).parse(body).variables["after"]);

describe("what a pull request does to the policy file", () => {
  test("is found among all its files", async () => {
    const { policyCheckRuns } = await github.connectInstalled();
    github.returns(page(["a.ts"], "one"));
    github.returns(page(["b.ts"], "two"));
    github.returns(page([POLICY], "three"));
    expect(await policyCheckRuns.policyChange(PUSH)).toEqual({
      headCommit: FEATURE,
      isChanged: true,
      before: { text: "forks: deny\n" },
      after: { text: "forks: base\n" },
      organization: null,
    });
    expect(cursors()).toEqual([undefined, "one", "two"]);
  });

  test("is nothing where only the base branch has gone on", async () => {
    const { policyCheckRuns } = await github.connectInstalled();
    github.returns(page(["a.ts"], "one"));
    github.returns(page(["b.ts"], null));
    expect(await policyCheckRuns.policyChange(PUSH)).toMatchObject({ isChanged: false });
  });

  test("isn't looked for further where the file is as on the base branch", async () => {
    const { policyCheckRuns } = await github.connectInstalled();
    github.returns(page(["a.ts"], "one", { after: OLD }));
    expect(await policyCheckRuns.policyChange(PUSH)).toMatchObject({ isChanged: false });
  });

  test.each([
    ["is that it's renamed", OLD, true],
    ["isn't that it's deleted where only the base branch has it", null, false],
  ])("%s", async (_what, atFork, isChanged) => {
    const { policyCheckRuns } = await github.connectInstalled();
    github.returns(page(["a.ts", "moved.yml"], null, { after: null }));
    const compared = `/repos/octo-org/hello/compare/${ONCE}...${FEATURE}?per_page=1`;
    github.answers(`GET ${compared}`, comparison(MAIN));
    github.returns({ repository: { file: atFork } });
    expect(await policyCheckRuns.policyChange(PUSH)).toMatchObject({ isChanged, after: null });
    expect(github.received.at(-1)).toMatchObject({
      body: { variables: { file: `${MAIN}:${POLICY}` } },
    });
  });

  test.each([
    ["PUBLIC", "PUBLIC", { text: "qr: false\n" }],
    ["PRIVATE", "PRIVATE", { text: "qr: false\n" }],
    ["PRIVATE", "PUBLIC", { text: "qr: false\n" }],
    ["PUBLIC", "PRIVATE", "hidden"],
    ["PUBLIC", "INTERNAL", "hidden"],
    ["INTERNAL", "PRIVATE", "hidden"],
  ])("in a %s repository, beside a %s one of the organization", async (own, theirs, shown) => {
    const { policyCheckRuns } = await github.connectInstalled();
    const defaults = { visibility: theirs, policy: file("3".repeat(40), "qr: false\n") };
    const files = { totalCount: 1, nodes: [{ path: POLICY }], pageInfo: LAST };
    github.returns(
      answer({ visibility: own, before: OLD, after: NEW, subject: pull({ files }) }, defaults),
    );
    expect((await policyCheckRuns.policyChange(PUSH)).organization).toEqual(shown);
  });

  test("is the same beside an organization's repository without a file", async () => {
    const { policyCheckRuns } = await github.connectInstalled();
    const files = { totalCount: 1, nodes: [{ path: POLICY }], pageInfo: LAST };
    const defaults = { visibility: "PRIVATE", policy: null };
    github.returns(answer({ before: OLD, after: NEW, subject: pull({ files }) }, defaults));
    expect((await policyCheckRuns.policyChange(PUSH)).organization).toBeNull();
  });

  test("isn't known where the name is another repository's now", async () => {
    const { policyCheckRuns } = await github.connectInstalled();
    github.returns(page([], null, { databaseId: 1 }));
    await expect(policyCheckRuns.policyChange(PUSH)).rejects.toThrow(
      "The pull request is not there",
    );
  });

  test("isn't known where GitHub doesn't say it", async () => {
    const { policyCheckRuns } = await github.connectInstalled();
    github.returns(refusal("Resource not accessible by integration", "FORBIDDEN"));
    await expect(policyCheckRuns.policyChange(PUSH)).rejects.toMatchObject({ status: 403 });
    expect(github.received.at(-1)).toMatchObject({ method: "POST", path: GRAPHQL.slice(5) });
  });
});
