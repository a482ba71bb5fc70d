import type { KyselyPlugin } from "kysely";
import { createQueryId, SqliteQueryCompiler } from "kysely";
import { expect, test } from "vitest";
import { readAudit } from "../../src/store/audit.ts";
import { entryDigestOf, sealAudit } from "../../src/store/audit-seals.ts";
import { openStore } from "./opened.ts";
import { insertMany } from "./story.ts";

const now = () => new Date();

test("a backlog is sealed in batches that let others work between, none of them looked through twice", async () => {
  const { database, tasks } = await openStore();
  await insertMany(tasks, 450);
  const ids = (await readAudit(database, { limit: 450 })).map(({ id }) => id);
  const from: unknown[] = [];
  const recorder: KyselyPlugin = {
    transformQuery({ node }) {
      const { sql: text, parameters } = new SqliteQueryCompiler().compileQuery(
        node,
        createQueryId(),
      );
      if (text.includes("not exists")) from.push(parameters[0]);
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  };
  let turns = 0;
  const count = () => {
    turns += 1;
    next = setImmediate(count);
  };
  let next = setImmediate(count);
  expect(await sealAudit(database.withPlugin(recorder), now)).toBe(450);
  clearImmediate(next);
  expect(from).toEqual([0, ids[199], ids[399]]);
  expect(turns).toBeGreaterThanOrEqual(2);
});

test("an entry from before whose Copilot was charged was recorded has the digest that it had", () => {
  const entry = {
    id: 1,
    at: "2026-11-25T12:00:00.000Z",
    taskId: "c0ffee00",
    step: "asked",
    reason: null,
    requester: "octocat",
    requesterId: 583_231,
    requesterRole: null,
    installationId: 31,
    ownerId: 9_919,
    owner: "octo-org",
    repositoryId: 1_296_269,
    repository: "hello",
    subjectType: "issue",
    subjectNumber: 7,
    triggerLabel: "copilot:triage",
    command: null,
    kind: null,
    promptDigest: null,
    policyCommit: null,
    defaultsCommit: null,
    sessionId: null,
    identity: null,
  } as const;
  const digest = "8b9097b2b8e4f32bbb5c07fcbe0a6f45c176e98abe609d56eeb0491754fa9826";
  expect(entryDigestOf(entry, "digest")).toBe(digest);
  expect(entryDigestOf({ ...entry, identity: "bot" }, "digest")).not.toBe(digest);
});
