import { expect, test } from "vitest";
import { createLog } from "../../src/app/logging.ts";
import type { PolicyFilesThere } from "../../src/ports/policies-in-force.ts";
import type { LabelingPorts } from "../../src/runner/labelings.ts";
import { doLabelings } from "../../src/runner/labelings.ts";
import { startRounds } from "../../src/runner/lease/rounds.ts";
import { createPolicySightings } from "../../src/runner/policy-sightings.ts";
import { createPolicies } from "../../src/runner/receive/policies.ts";
import { added } from "../store/living.ts";
import { openStore } from "../store/opened.ts";

const NONE = { commit: null, file: null };
const THERE: PolicyFilesThere = {
  defaultBranch: "main",
  isArchived: false,
  policy: { repository: NONE, organization: null },
};

/** A repository to label in a database, and a GitHub that has labels. */
async function createWorld() {
  let at = Date.parse("2026-11-30T12:00:00.000Z");
  const now = () => new Date(at);
  const { labelings, installations } = await openStore(undefined, { now });
  await installations.applyInstallationEvent(added([{ id: 1, name: "hello" }]));
  const there: string[] = [];
  const asked: string[] = [];
  const lines: string[] = [];
  const log = createLog("trace", { write: (line) => lines.push(line) });
  const ports: LabelingPorts = {
    labelings,
    sightings: createPolicySightings(),
    policyFiles: { find: () => Promise.resolve(THERE) },
    policies: createPolicies({ text: () => Promise.resolve(null) }, "https://github.com"),
    labels: {
      names: () => Promise.resolve([...there]),
      create(_repository, _installationId, { name }) {
        asked.push(name);
        if (there.includes(name)) return Promise.resolve("exists");
        there.push(name);
        return Promise.resolve("created");
      },
    },
    troubleOf: () => null,
    log,
    now,
    chance: () => 0,
    againMs: 60_000,
    giveUpMs: 3_600_000,
  };
  return {
    ports,
    there,
    asked,
    lines,
    log,
    wait: (minutes: number) => void (at += minutes * 60_000),
  };
}

const ALL = ["copilot:triage", "copilot:fix", "copilot:review"];

test("a bot that's stopped between a label and its record has created each label once", async () => {
  const { ports, there, asked, lines, log, wait } = await createWorld();
  const created = Promise.withResolvers<void>();
  const labels: LabelingPorts["labels"] = {
    ...ports.labels,
    async create(...label) {
      await ports.labels.create(...label);
      created.resolve();
      // The bot is gone before it hears of it.
      return Promise.withResolvers<never>().promise;
    },
  };
  const rounds = startRounds((signal) => doLabelings({ ...ports, labels }, signal), {
    everyMs: 60_000,
    log,
    name: "labels",
  });
  await created.promise;
  await rounds.stop();
  expect([there, lines]).toEqual([ALL.slice(0, 1), []]);
  const { signal } = new AbortController();
  // Nobody knows yet that it's gone.
  await doLabelings(ports, signal);
  expect(asked).toEqual(ALL.slice(0, 1));
  wait(3);
  await doLabelings(ports, signal);
  expect([there, asked]).toEqual([ALL, ALL]);
  wait(60);
  await doLabelings(ports, signal);
  expect(asked).toEqual(ALL);
});

test("a label that a person deletes stays deleted, until the policy changes", async () => {
  const { ports, there, asked, wait } = await createWorld();
  const { signal } = new AbortController();
  await doLabelings(ports, signal);
  there.length = 0;
  wait(60);
  const place = {
    repositoryId: 1,
    installationId: 31,
    ownerId: 9_919,
    owner: "octo-org",
    repository: "hello",
  };
  const sightings = createPolicySightings();
  sightings.see(place, THERE.policy);
  await doLabelings({ ...ports, sightings }, signal);
  expect([there, sightings.pending()]).toEqual([[], []]);
  const file = { blob: "b".repeat(40), text: "labels: { copilot:fix: null }\n" };
  const changed = { ...THERE.policy, repository: { commit: null, file } };
  const policyFiles = { find: () => Promise.resolve({ ...THERE, policy: changed }) };
  sightings.see(place, changed);
  await doLabelings({ ...ports, sightings, policyFiles }, signal);
  expect(there).toEqual(["copilot:triage", "copilot:review"]);
  expect(asked).toHaveLength(5);
});

test("GitHub is asked again after pauses that grow, and not for ever", async () => {
  const { ports, lines, wait } = await createWorld();
  const { signal } = new AbortController();
  let asked = 0;
  const policyFiles: LabelingPorts["policyFiles"] = {
    find() {
      asked += 1;
      return Promise.reject(new Error("socket hang up"));
    },
  };
  const counts: number[] = [];
  for (let minute = 0; minute < 180; minute += 1) {
    await doLabelings({ ...ports, policyFiles }, signal);
    if (asked > counts.length) counts.push(minute);
    wait(1);
  }
  expect(counts).toEqual([0, 1, 3, 7, 15, 30, 45, 60, 75]);
  expect(lines.filter((line) => line.includes("labels not created yet"))).toHaveLength(9);
  expect(await ports.labelings.progressOf(31)).toMatchObject({ waiting: 0 });
});
