import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import { judgePrograms, judgeSessionDisk, neededPrograms } from "../../src/doctor/self-hosting.ts";
import { hasBubblewrap } from "../isolation/bubblewrap.ts";
import { isRoot } from "../isolation/isolations.ts";
import type { Changes } from "./practice.ts";
import { HELLO, textOf, usePractice } from "./practice.ts";

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
    ok disk for sessions: N MB free in DATA_DIR; 0 MB stay free, and 2 sessions can use 64 MB each."
  `);
  expect(readdirSync(temporary)).toEqual([]);
});

test("ISOLATION=none is a warning that stays", async () => {
  expect(await about({ ISOLATION: "none" })).toMatchInlineSnapshot(`
    "warning isolation of sessions: Off (\`ISOLATION=none\`). Files: a session reads and writes whatever its user can, such as other sessions' files, and the bot's own data and secrets if it has the bot's user. Processes: a session sees and ends the processes of its user. Network: a session reaches whatever the machine reaches. The list of hosts doesn't bind it. Ports: while a session runs, every program on the machine can use its ways to Copilot and the network. Git: programs that a session has configured for its repository run without isolation, too.
      Remove ISOLATION to have sessions isolated.
    ok limits of sessions: …
    ok programs for sessions: Git N.
    ok disk for sessions: N MB free in DATA_DIR; 0 MB stay free, and 2 sessions can use 64 MB each."
  `);
  expect(readdirSync(temporary)).toEqual([]);
});

test.skipIf(!isRoot)("root without a user for sandboxes, and a user that isn't there", async () => {
  expect(await about({ SANDBOX_USER: undefined })).toMatchInlineSnapshot(`
    "failed isolation of sessions: No session starts on this machine. The bot runs as root, and there's no other user for sandboxes.
      Set \`SANDBOX_USER\`, or run the bot as a user of its own.
    ok programs for sessions: bubblewrap N, socat N, Git N.
    ok disk for sessions: N MB free in DATA_DIR; 0 MB stay free, and 2 sessions can use 64 MB each."
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
