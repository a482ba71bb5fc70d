import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { writeFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { HostedRequest } from "../ports/session-host.ts";

const record = z.object({
  sessionId: z.string(),
  /** Whether its agent was at work when that was last seen. */
  isWorking: z.boolean(),
  /** How often in a row its runtime was started again without that anything came of it. */
  resumptions: z.number(),
  /** Whether people have shared it, or ended that, since it started; null where they haven't. */
  isShared: z.boolean().nullable().default(null),
  /** Mission Control's ids of the session, of each time that it was shared: it's reached by them again. */
  sharedIds: z.array(z.string()).default([]),
  /** For how long it has run, in all of its runtimes together, in milliseconds. */
  ranMs: z.number().default(0),
  /** The limit for which it was ended for good; null for one that can be reached again. */
  ended: z.enum(["memory", "disk", "free_disk", "time"]).nullable(),
});

/** What this machine knows of a session beside what its runtime keeps. */
export type SessionRecord = z.output<typeof record>;

/** Which session of which task. */
export type SessionName = Pick<HostedRequest, "taskId" | "sessionId">;

/**
 * The records of this machine's sessions: a file for each task, written whole or not at all. What an agent can write to
 * is elsewhere.
 */
export class SessionRecords {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Null where there's none, or it can't be read. */
  async read(taskId: string): Promise<SessionRecord | null> {
    try {
      const text = await readFile(this.#fileOf(taskId), "utf8");
      return record.safeParse(JSON.parse(text)).data ?? null;
    } catch {
      return null;
    }
  }

  /** That of this session; null where its task has none, or another session. */
  async readOf({ taskId, sessionId }: SessionName): Promise<SessionRecord | null> {
    const found = await this.read(taskId);
    return found?.sessionId === sessionId ? found : null;
  }

  async write(taskId: string, after: SessionRecord): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const file = this.#fileOf(taskId);
    await writeFile(`${file}.new`, JSON.stringify(after), { mode: 0o600 });
    await rename(`${file}.new`, file);
  }

  /** The same, at once: what is seen last before a crash counts. */
  writeNow(taskId: string, after: SessionRecord): void {
    const file = this.#fileOf(taskId);
    writeFileSync(`${file}.new`, JSON.stringify(after), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }

  async remove(taskId: string): Promise<void> {
    await rm(this.#fileOf(taskId), { force: true });
  }

  /** The tasks whose records were last written before this time, in milliseconds since the epoch. */
  async writtenBefore(time: number): Promise<readonly string[]> {
    const names = await readdir(this.#directory).catch(() => []);
    const old = await Promise.all(
      names
        .filter((name) => name.endsWith(".json"))
        .map(async (name) => {
          const { mtimeMs } = await stat(join(this.#directory, name));
          return mtimeMs < time ? name.slice(0, -".json".length) : null;
        }),
    );
    return old.filter((taskId) => taskId !== null);
  }

  #fileOf(taskId: string): string {
    if (!/^[0-9a-f-]{4,36}$/u.test(taskId))
      throw new Error(`No task's id: ${JSON.stringify(taskId)}`);
    return join(this.#directory, `${taskId}.json`);
  }
}
