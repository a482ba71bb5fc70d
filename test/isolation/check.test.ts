import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import { openIsolation } from "../../src/isolation/open.ts";
import { findSandboxUser } from "../../src/isolation/user.ts";
import { hasBubblewrap } from "./bubblewrap.ts";
import { bubblewrap, isRoot, none, USER } from "./isolations.ts";

const root = mkdtempSync(join(tmpdir(), "check-"));
chmodSync(root, 0o711);
const { PATH } = process.env;
afterEach(() => {
  process.env["PATH"] = PATH;
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

test.skipIf(!hasBubblewrap)(
  "isolation says that it's available, and how limits are kept",
  async () => {
    expect(await bubblewrap(join(root, "well")).check()).toEqual({
      available: true,
      limits: {
        memory: "measured every second; the session is ended above it",
        processes: "RLIMIT_NPROC, for processes and threads of the session together",
        disk: "measured every second; the session is ended above it. RLIMIT_FSIZE for a single file",
        time: "measured; the session is ended after it",
        cpu: "lowered priority (nice 10) only",
      },
      missing: [],
    });
  },
);

test("no isolation says what's missing", async () => {
  expect(await none(join(root, "none")).check()).toMatchInlineSnapshot(`
    {
      "available": true,
      "limits": {
        "cpu": "lowered priority (nice 10) only",
        "disk": "measured every second; the session is ended above it. RLIMIT_FSIZE for a single file",
        "memory": "measured every second; the session is ended above it",
        "processes": "not limited",
        "time": "measured; the session is ended after it",
      },
      "missing": [
        "Files: a session reads and writes whatever its user can, such as other sessions' files, and the bot's own data and secrets if it has the bot's user.",
        "Processes: a session sees and ends the processes of its user.",
        "Network: a session reaches whatever the machine reaches. The list of hosts doesn't bind it.",
        "Ports: while a session runs, every program on the machine can use its ways to Copilot and the network.",
        "Git: programs that a session has configured for its repository run without isolation, too.",
      ],
    }
  `);
});

test.skipIf(!isRoot)(
  "root's processes aren't limited, so sandboxes need another user",
  async () => {
    for (const isolation of [
      bubblewrap(join(root, "root"), { user: null }),
      none(join(root, "root-none"), { user: null }),
    ]) {
      expect(await isolation.check()).toMatchObject({
        available: false,
        name: "isolation_root",
        cure: "Set `SANDBOX_USER`, or run the bot or worker as a user of its own.",
      });
    }
  },
);

test.skipIf(!isRoot)("a directory that the sandboxes' user can't get to is named", async () => {
  const closed = join(root, "closed");
  mkdirSync(closed, { mode: 0o700 });
  const isolation = bubblewrap(join(closed, "own"));
  const message = `User 61234 can't enter ${closed} (mode 700), which sandboxes need.`;
  await expect(
    isolation.makeDirectory(join(closed, "a"), join(closed, "a", "b"), "bot"),
  ).rejects.toThrow(message);
  expect(await isolation.check()).toMatchObject({
    available: false,
    name: "isolation_directory",
    found: message,
  });
  // Nothing above the root is changed.
  expect(statSync(closed).mode & 0o777).toBe(0o700);
  chmodSync(closed, 0o755);
  await isolation.makeDirectory(join(closed, "a"), join(closed, "a", "c"), "bot");
  expect(await isolation.check()).toMatchObject({ available: true });
  // What was seen once isn't taken for granted where somebody asks.
  chmodSync(closed, 0o700);
  expect(await isolation.check()).toMatchObject({ available: false, found: message });
});

test("directories for sandboxes are no more open than they must be", async () => {
  const isolation = bubblewrap(join(root, "own"));
  const top = join(root, "top");
  await isolation.makeDirectory(top, join(top, "tasks", "one"), "bot");
  await isolation.makeDirectory(top, join(top, "tasks", "one", "workspace"), "sandboxes");
  const modes = ["", "tasks", "tasks/one", "tasks/one/workspace"].map((path) => {
    const { mode, uid, gid } = statSync(join(top, path));
    const owner = uid === process.getuid?.() ? "bot" : uid;
    const group = gid === process.getgid?.() ? "bot" : gid;
    return `${path}: ${(mode & 0o777).toString(8)} ${owner} ${group}`;
  });
  expect(modes).toEqual(
    USER === null
      ? ["", "tasks", "tasks/one", "tasks/one/workspace"].map((path) => `${path}: 700 bot bot`)
      : [
          // Nobody else on the machine gets in, whichever paths they know.
          ": 710 bot 61234",
          "tasks: 710 bot 61234",
          "tasks/one: 710 bot 61234",
          "tasks/one/workspace: 700 61234 61234",
        ],
  );
  await expect(isolation.makeDirectory(top, root, "bot")).rejects.toThrow("isn't in");
});

test.skipIf(!isRoot)(
  "SANDBOX_USER is a name or numbers, and nobody with root's rights",
  async () => {
    expect(await found({ type: "name", name: "nobody" })).toEqual({ uid: 65_534, gid: 65_534 });
    expect(await found({ type: "ids", uid: 1001, gid: 1002 })).toEqual({ uid: 1001, gid: 1002 });
    expect(await found({ type: "name", name: "no-such-user" })).toBe(
      'SANDBOX_USER names "no-such-user", a user that this machine doesn\'t have.',
    );
    expect(await found({ type: "name", name: "--version" })).toBe(
      'SANDBOX_USER names "--version", a user that this machine doesn\'t have.',
    );
    for (const account of [
      { type: "name", name: "root" },
      { type: "ids", uid: 5, gid: 0 },
    ] as const) {
      expect(await found(account)).toBe("SANDBOX_USER is root, or in root's group.");
    }
  },
);

/** The account, or why there's none. */
async function found(account: Parameters<typeof findSandboxUser>[0]) {
  return findSandboxUser(account).then(
    (user) => user,
    (error: Error) => error.message,
  );
}

test.skipIf(!isRoot)("without the user that SANDBOX_USER names, nothing is started", async () => {
  const sandboxUser = { type: "name", name: "no-such-user" } as const;
  for (const kind of ["bubblewrap", "none"] as const) {
    const settings = { isolation: kind, sandboxUser, sessions: 2 };
    const isolation = await openIsolation(settings, join(root, "nobody"));
    const message = 'SANDBOX_USER names "no-such-user", a user that this machine doesn\'t have.';
    expect(await isolation.check()).toMatchObject({
      available: false,
      name: "isolation_user",
      found: message,
    });
    await expect(isolation.makeDirectory(root, root, "bot")).rejects.toThrow(message);
  }
});

async function open(isolation: "bubblewrap" | "none") {
  const sandboxUser = USER === null ? null : { type: "ids" as const, ...USER };
  return openIsolation({ isolation, sandboxUser, sessions: 2 }, join(root, "opened"));
}

test("isolation is what the administrator wants", async () => {
  const without = await open("none");
  expect(without.isIsolated).toBe(false);
  expect(await without.check()).toMatchObject({ available: true });
  const isolation = await open("bubblewrap");
  expect(isolation.isIsolated).toBe(true);
  if (hasBubblewrap)
    expect(await isolation.check()).toMatchObject({ available: true, missing: [] });
});
