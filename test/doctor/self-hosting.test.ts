import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import type { Machine } from "../../src/core/worker/machine.ts";
import type { HostedTask } from "../../src/core/worker/machines-reading.ts";
import { judgePrograms, neededPrograms } from "../../src/doctor/programs.ts";
import { judgeSessionDisk } from "../../src/doctor/self-hosting.ts";
import { hasBubblewrap } from "../isolation/bubblewrap.ts";
import { isRoot } from "../isolation/isolations.ts";
import type { Changes } from "./practice.ts";
import { HELLO, textOf, usePractice, WELL_STORED } from "./practice.ts";

const practice = usePractice();
const temporary = mkdtempSync(join(tmpdir(), "doctor-test-"));
const { PATH, TMPDIR } = process.env;
process.env["TMPDIR"] = temporary;
chmodSync(temporary, 0o711);
afterEach(() => {
  process.env["PATH"] = PATH;
});
afterAll(() => {
  if (TMPDIR === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = TMPDIR;
  rmSync(temporary, { recursive: true });
});

const ON = {
  SELF_HOSTED: "on",
  SELF_HOSTED_REPOSITORIES: "octo-org/hello",
  SELF_HOSTED_DISK_MB: "64",
  SELF_HOSTED_FREE_DISK_MB: "0",
  ...(isRoot ? { SANDBOX_USER: "61234:61234" } : {}),
};

/** What the doctor says of sessions on this machine. */
async function about(variables: Changes["variables"], changes: Changes = {}): Promise<string> {
  const findings = await practice.examine(HELLO, {
    variables: { ...ON, ...variables },
    ...changes,
  });
  const ours = findings.filter(
    ({ what }) => what.endsWith("sessions") && what !== "Copilot account sessions",
  );
  return (
    textOf(ours, practice)
      .replaceAll(/\d+ MB free/gu, "N MB free")
      .replaceAll(/(?<=bubblewrap |socat |Git )\d+(?:\.\d+)+/gu, "N")
      // With a cgroup, or without: that's the machine's.
      .replaceAll(/(?<=limits of sessions: ).*/gu, "…")
  );
}

test("nothing is said where no session runs on this machine", async () => {
  expect(await about({ SELF_HOSTED: "off" })).toBe("");
});

test.skipIf(!hasBubblewrap)("a machine that can run sessions", async () => {
  expect(await about({})).toMatchInlineSnapshot(`
    "ok isolation of sessions: Each session has a sandbox of its own.
    ok limits of sessions: …
    ok programs for sessions: bubblewrap N, socat N, Git N.
    ok disk for sessions: N MB free in DATA_DIR; 0 MB stay free, and 2 sessions can use 64 MB each.
    ok machines for sessions: 1 connected, 0 of 2 places taken."
  `);
  expect(readdirSync(temporary)).toEqual([]);
});

test("ISOLATION=none is a warning that stays", async () => {
  expect(await about({ ISOLATION: "none" })).toMatchInlineSnapshot(`
    "warning isolation of sessions: Off (\`ISOLATION=none\`). Files: a session reads and writes whatever its user can, such as other sessions' files, and the bot's own data and secrets if it has the bot's user. Processes: a session sees and ends the processes of its user. Network: a session reaches whatever the machine reaches. The list of hosts doesn't bind it. Ports: while a session runs, every program on the machine can use its ways to Copilot and the network. Git: programs that a session has configured for its repository run without isolation, too.
      Remove ISOLATION to have sessions isolated.
    ok limits of sessions: …
    ok programs for sessions: Git N.
    ok disk for sessions: N MB free in DATA_DIR; 0 MB stay free, and 2 sessions can use 64 MB each.
    ok machines for sessions: 1 connected, 0 of 2 places taken."
  `);
  expect(readdirSync(temporary)).toEqual([]);
});

test.skipIf(!isRoot)("root without a user for sandboxes, and a user that isn't there", async () => {
  expect(await about({ SANDBOX_USER: undefined })).toMatchInlineSnapshot(`
    "failed isolation of sessions: No session starts on this machine. The bot or worker runs as root, and there's no other user for sandboxes.
      Set \`SANDBOX_USER\`, or run the bot or worker as a user of its own.
    ok programs for sessions: bubblewrap N, socat N, Git N.
    ok disk for sessions: N MB free in DATA_DIR; 0 MB stay free, and 2 sessions can use 64 MB each.
    ok machines for sessions: 1 connected, 0 of 2 places taken."
  `);
  const variables = { SANDBOX_USER: "no-such-user" };
  expect(await about(variables)).toContain('"no-such-user"');
  // In a thread, what isn't everybody's.
  expect(await about(variables, { audience: "thread" })).not.toContain("no-such-user");
});

test.skipIf(!isRoot)("a DATA_DIR that the user for sandboxes can't get to", async () => {
  const closed = join(temporary, "closed");
  mkdirSync(closed, { mode: 0o700 });
  const variables = { DATA_DIR: join(closed, "data"), ISOLATION: "none" };
  const found = `User 61234 can't enter ${closed} (mode 700), which sandboxes need.`;
  expect(await about(variables)).toContain(found);
  expect(await about(variables, { audience: "thread" })).not.toContain(closed);
  rmdirSync(closed);
});

test.skipIf(!hasBubblewrap)("a machine without the programs", async () => {
  process.env["PATH"] = temporary;
  const found = await about({});
  expect(found).toMatch(
    /failed programs for sessions: bubblewrap is missing\. socat is missing\. Git is missing\./u,
  );
});

test("versions that are too old", () => {
  const needed = neededPrograms({ isolation: "bubblewrap" });
  expect(
    judgePrograms(needed, [
      "bubblewrap 0.4.1",
      "socat by …\nsocat version 1.7.4.1 on …",
      "git version 2.30.2",
    ]),
  ).toMatchObject({
    level: "failed",
    found: "bubblewrap 0.4.1 is too old. Git 2.30.2 is too old.",
    cure: "Install bubblewrap 0.8 or newer. Install Git 2.31 or newer.",
  });
  expect(
    judgePrograms(needed, ["bubblewrap 1.0.0", "socat version 1.8.0.0", "git version 3.0.0"]),
  ).toMatchObject({ level: "ok" });
  expect(neededPrograms({ isolation: "none" }).map(({ name }) => name)).toEqual(["Git"]);
});

test.for([
  [100, "failed"],
  [1200, "warning"],
  [1400, "ok"],
] as const)("%i MB free: %s", ([megabytes, level]) => {
  const limits = {
    memory: 1,
    processes: 1,
    time: 1,
    disk: 100 * 2 ** 20,
    freeDisk: 1100 * 2 ** 20,
  };
  expect(judgeSessionDisk(megabytes * 2 ** 20, { limits, sessions: 2 }).level).toBe(level);
});

const WORKERS = { SELF_HOSTED_SESSIONS: "0", DATABASE_URL: "postgres://127.0.0.1/bot" };

function machineNamed(name: string, changes: Partial<Machine> = {}): Machine {
  return {
    name,
    labels: [],
    places: 2,
    taken: 1,
    isThere: true,
    hasOtherVersion: false,
    sinceMs: 1_000,
    ...changes,
  };
}

function hostedTask(changes: Partial<HostedTask>): HostedTask {
  const wantedSince = "2026-12-01T12:00:00.000Z";
  return { labels: [], machine: null, wantedSince, awaySince: null, ...changes };
}

function stored(machines: readonly Machine[], tasks: readonly HostedTask[] = []) {
  const asked: unknown[] = [];
  const hostedTasks = (repository: unknown) => {
    asked.push(repository);
    return Promise.resolve(tasks);
  };
  return { asked, ...WELL_STORED, machines: () => Promise.resolve(machines), hostedTasks };
}

test("a bot whose sessions only workers run, and no worker", async () => {
  expect(await about(WORKERS)).toMatchInlineSnapshot(`
    "failed machines for sessions: No machine is connected that runs sessions: \`SELF_HOSTED_SESSIONS\` is 0 here, and no worker is there.
      Start \`script/worker\` on another machine, or set \`SELF_HOSTED_SESSIONS\` to 1 or more."
  `);
  expect(await about({ ...WORKERS, SELF_HOSTED: "off" })).toBe("");
});

test("workers that are there, and one that isn't", async () => {
  const machines = [
    machineNamed("a"),
    machineNamed("b", { places: 4, taken: 0 }),
    machineNamed("c", { isThere: false }),
  ];
  const store = stored(machines);
  expect(await about(WORKERS, { store })).toMatchInlineSnapshot(
    `"ok machines for sessions: 2 connected, 1 of 6 places taken; 1 not connected."`,
  );
  // How much others use it isn't for everybody.
  expect(await about(WORKERS, { store, audience: "thread" })).toMatchInlineSnapshot(
    `"ok machines for sessions: Connected."`,
  );
  expect(store.asked).toEqual([null, HELLO]);
});

test("a worker of another version than the bot's", async () => {
  const other = machineNamed("b", { isThere: false, hasOtherVersion: true });
  expect(await about(WORKERS, { store: stored([machineNamed("a"), other]) }))
    .toMatchInlineSnapshot(`
    "warning machines for sessions: The machine \`b\` runs another version than the bot, so it takes no sessions.
      Install the bot's version on it, and restart its worker."
  `);
});

test("only a worker of another version than the bot's, and no other machine", async () => {
  const other = machineNamed("b", { isThere: false, hasOtherVersion: true });
  expect(await about(WORKERS, { store: stored([other]) })).toMatchInlineSnapshot(`
    "failed machines for sessions: The machine \`b\` runs another version than the bot, so it takes no sessions.
      Install the bot's version on it, and restart its worker."
  `);
});

test("tasks that wait for labels that nobody has, and for machines that are away", async () => {
  const machines = [machineNamed("a", { labels: ["gpu"] }), machineNamed("b", { isThere: false })];
  const awaySince = "2026-12-01T12:00:00.000Z";
  const tasks = [
    hostedTask({ labels: ["gpu"] }),
    hostedTask({ labels: ["gpu", "large"] }),
    hostedTask({ labels: ["gpu", "large"] }),
    hostedTask({ labels: ["arm64"] }),
    hostedTask({ machine: "a", labels: ["other"] }),
    hostedTask({ machine: "b", awaySince }),
  ];
  expect(await about(WORKERS, { store: stored(machines, tasks) })).toMatchInlineSnapshot(`
    "failed machines for sessions: 2 tasks wait for a machine with the labels \`gpu\`, \`large\`, which none that's connected has. 1 task waits for a machine with the label \`arm64\`, which none that's connected has. 1 task waits for the machine \`b\`, which isn't reached.
      Start a worker with these labels (\`WORKER_LABELS\`), or stop these tasks and change \`runs_on\` in the policy. Start the worker of a machine that isn't reached again with the same \`DATA_DIR\`, and check that it reaches the database. If it never comes back, stop these tasks and retry them."
  `);
});

test("a bot on one machine, whose label isn't the one that a task waits for", async () => {
  const store = stored([], [hostedTask({ labels: ["gpu"] }), hostedTask({ labels: ["large"] })]);
  const found = await about({ WORKER_LABELS: "gpu" }, { store });
  expect(found).toContain("1 task waits for a machine with the label `large`, which none");
  expect(found).not.toContain("`gpu`");
});
