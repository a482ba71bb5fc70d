import { expect, test } from "vitest";
import { createLog } from "../../src/app/logging.ts";
import { startRounds } from "../../src/runner/lease/rounds.ts";
import type { PolicyCheckPorts } from "../../src/runner/policy-checks.ts";
import { doPolicyChecks } from "../../src/runner/policy-checks.ts";
import { openStore } from "../store/opened.ts";

const PUSH = {
  repositoryId: 1_296_269,
  commit: "a".repeat(40),
  baseCommit: "b".repeat(40),
  pullNumber: 7,
  installationId: 31,
  ownerId: 9_919,
  owner: "octo-org",
  repository: "hello",
};

test("a check that waits for GitHub doesn't hold up the bot's end, and stays for somebody else", async () => {
  let at = Date.parse("2026-11-30T12:00:00.000Z");
  const now = () => new Date(at);
  const { policyChecks: checks } = await openStore(undefined, { now });
  await checks.insert(PUSH);
  const asked = Promise.withResolvers<void>();
  const lines: string[] = [];
  const log = createLog("trace", { write: (line) => lines.push(line) });
  const github: PolicyCheckPorts["github"] = {
    policyChange() {
      asked.resolve();
      return Promise.withResolvers<never>().promise;
    },
    findPolicyCheckRun: () => Promise.reject(new Error("nothing is to be looked for")),
    createPolicyCheckRun: () => Promise.reject(new Error("nothing is to be created")),
    troubleOf: () => null,
  };
  const ports = { checks, github, log, now, chance: () => 0, againMs: 1_000, giveUpMs: 60_000 };
  const rounds = startRounds((signal) => doPolicyChecks(ports, signal), {
    everyMs: 60_000,
    log,
    name: "policy checks",
  });
  await asked.promise;
  await rounds.stop();
  expect(lines).toEqual([]);
  at += 180_000;
  expect(await checks.take()).toMatchObject({ ...PUSH, attempt: 2 });
});
