import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
} from "node:fs";
import { join } from "node:path";

const MEMORY = "/dev/shm";
/** An installation of the bot, and a lot of databases. */
const ENOUGH_BYTES = 2 ** 32;

/**
 * Makes a directory for temporary files in memory. The bot waits for the disk after each step of a task, and thousands
 * of those are tested. Null where somebody has chosen a directory, or where there's no room, as in most containers.
 */
export function directoryInMemory(): string | null {
  if (process.env["TMPDIR"] !== undefined || !hasRoom()) return null;
  removeAbandoned();
  const directory = mkdtempSync(join(MEMORY, `copilot-task-bot-tests-${process.pid}-`));
  // As /tmp is: sandboxes of other users are below it.
  chmodSync(directory, 0o1777);
  return directory;
}

/** Removes what runs left that were killed. */
function removeAbandoned(): void {
  for (const name of readdirSync(MEMORY)) {
    const pid = /^copilot-task-bot-tests-(?<pid>\d+)-/u.exec(name)?.groups?.["pid"];
    if (pid !== undefined && !existsSync(`/proc/${pid}`))
      rmSync(join(MEMORY, name), { recursive: true, force: true });
  }
}

/** Whether there's a file system in memory, with enough room, in which programs can be started. */
function hasRoom(): boolean {
  try {
    const mounts = readFileSync("/proc/mounts", "utf8").split("\n");
    const options = mounts.find((line) => line.startsWith(`tmpfs ${MEMORY} `))?.split(" ")[3] ?? "";
    const { bavail, bsize } = statfsSync(MEMORY);
    return /^rw\b(?!.*\bnoexec\b)/u.test(options) && bavail * bsize >= ENOUGH_BYTES;
  } catch {
    return false;
  }
}
