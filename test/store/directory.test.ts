import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { lockDataDirectory } from "../../src/store/directory.ts";
import { openStore, temporaryDirectory } from "./opened.ts";

const PROGRAM = fileURLToPath(new URL("second-process.ts", import.meta.url));

/** Starts a second bot on the directory. */
function startSecond(directory: string) {
  const child = spawn(process.execPath, [PROGRAM, directory], { stdio: ["pipe", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}

const inUse = (directory: string) =>
  `${directory} is in use by another process: a data directory belongs to one bot or worker. Stop the other one, or give this one its own DATA_DIR. To run several bots for one App, also set DATABASE_URL.`;

describe("a directory of data", () => {
  test("is made, for this account alone", () => {
    const directory = join(temporaryDirectory(), "a", "b");
    const locked = lockDataDirectory(directory);
    expect(locked.path).toBe(directory);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    locked.release();
  });

  test.each([
    ["/proc/nothing/data", "can't be made there. Set DATA_DIR to another directory"],
    ["/dev/null", "isn't a directory. Set DATA_DIR to a directory"],
    ["/dev/null/data", "isn't inside a directory. Set DATA_DIR to a directory"],
  ])("that can't be made is named with the fix: %s", (path, why) => {
    expect(() => lockDataDirectory(path)).toThrow(`DATA_DIR (${path}) ${why}.`);
  });

  test("belongs to one process: a second one shows what to do", async () => {
    const directory = temporaryDirectory();
    const locked = lockDataDirectory(directory);
    const second = startSecond(directory);
    expect(await text(second.stderr)).toBe(inUse(directory));
    await ended(second);
    expect(second.exitCode).toBe(1);
    expect(existsSync(join(directory, "tasks.db"))).toBe(false);
    locked.release();
  });

  test("belongs to one bot of a process", () => {
    const directory = temporaryDirectory();
    const locked = lockDataDirectory(directory);
    expect(() => lockDataDirectory(directory)).toThrow(inUse(directory));
    locked.release();
    lockDataDirectory(directory).release();
  });

  test("is free again when its process is killed, and holds what that one wrote", async () => {
    const directory = temporaryDirectory();
    const second = startSecond(directory);
    await once(second.stdout, "data");
    expect(() => lockDataDirectory(directory)).toThrow(inUse(directory));
    second.kill("SIGKILL");
    await ended(second);
    const locked = lockDataDirectory(directory);
    const { tasks } = await openStore(join(directory, "tasks.db"));
    expect(await tasks.waiting()).toEqual([`task of ${second.pid}`]);
    locked.release();
  });

  // Any problem with the lock's file is reported as another process.
  test("whose lock is broken isn't reported as another process's", () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "lock.db"), "This is no database. ".repeat(100));
    expect(() => lockDataDirectory(directory)).toThrow(/lock\.db/u);
    expect(() => lockDataDirectory(directory)).not.toThrow(/another process/u);
  });
});
