import { execFile } from "node:child_process";
import { chmodSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { z } from "zod";
import { withChildren } from "../src/isolation/processes.ts";
import type { Program } from "./program.ts";
import type { Place, World } from "./world.ts";
import { labelAll, openIssues, PERSON, REPOSITORY, scriptAll, startWorld } from "./world.ts";

/** A bot that runs sessions on this machine, and the script that does the least that has to be done for the same. */
export interface OwnMachine {
  /** Labels so many new issues at once; gives the milliseconds to the last link. */
  label(count: number): Promise<number>;
  /** Has the script start so many sessions at once; gives the milliseconds. */
  script(count: number): Promise<number>;
  /** Waits until no session of the bot's has a process. */
  untilLeft(): Promise<void>;
  /** Ends the script's sessions. */
  endScript(): Promise<void>;
  /** What their sessions have now: processes, parents first, and directories on the disk. */
  sessions(): Promise<{ readonly ours: SessionParts; readonly floor: SessionParts }>;
  close(): Promise<void>;
}

export interface SessionParts {
  readonly processes: readonly number[];
  readonly directories: readonly string[];
}

const POLICY = `
runs_on: self-hosted
share: always
limits:
  requester: { hour: null }
  at_once: null
`;

/** About as many and as large as a small project's. */
const FILES = Object.fromEntries(
  Array.from({ length: 300 }, (_, index) => [
    `src/part-${index % 20}/file-${index}.ts`,
    `export const part${index} = ${index};\n`.repeat(100),
  ]),
);

/** An account that nothing else has, for the sandboxes of a bot that's root's. */
const SANDBOX_USER = "61234:61234";

/**
 * Starts both, with a mirror of the repository for each, as it is after the first session.
 *
 * @param settings of the bot
 */
export async function startOwnMachine(
  parent: string,
  name: string,
  settings: Readonly<Record<string, string>>,
): Promise<OwnMachine> {
  const world = await startWorld(parent, name);
  // Sandboxes of another account than the bot's must get through.
  for (const path of [parent, world.directory]) chmodSync(path, 0o711);
  world.github.installation.permissions["contents"] = "read";
  const files = { ...FILES, ".github/copilot-tasks.yml": POLICY };
  const commit = await world.github.git.commit(REPOSITORY, { files });
  const bot = await world.startBot("bot", {
    SELF_HOSTED: "on",
    SELF_HOSTED_REPOSITORIES: `${REPOSITORY.owner}/*`,
    SELF_HOSTED_FREE_DISK_MB: "0",
    ...(process.geteuid?.() === 0 ? { SANDBOX_USER } : {}),
    ...settings,
  });
  const own = join(world.directory, "bot", "self-hosted");
  await untilCompiled(join(own, "compiled"));
  const scriptDirectory = join(world.directory, "script");
  const script = await world.startScript("local-script", {
    MIRROR: await cloneMirror(world),
    COMMIT: commit,
    COPILOT_MC_REPO: `${REPOSITORY.owner}/${REPOSITORY.repo}`,
    COPILOT_MC_REPO_IDS: "1,1",
  });
  const issues: Place[] = [];
  const take = async (count: number) => {
    if (issues.length < count) issues.push(...(await openIssues(world, 20)));
    return issues.splice(0, count);
  };
  return {
    label: async (count) => labelAll(world, bot, await take(count)),
    script: async (count) => scriptAll(script, await take(count), count),
    async untilLeft() {
      while ((await sandboxesOf(bot)).length > 0) await sleep(50);
    },
    async endScript() {
      await script.ask({ ask: "end" }, z.object({}));
    },
    async sessions() {
      const [, ...processes] = await withChildren(script.pid);
      return {
        ours: {
          processes: await sandboxesOf(bot),
          directories: [join(own, "tasks"), join(own, "states")],
        },
        floor: { processes, directories: [scriptDirectory] },
      };
    },
    async close() {
      await Promise.all([bot.stop(), script.stop()]);
      await world.close();
    },
  };
}

/** Once for a version, the runtime's code is compiled: that's no part of a session. */
async function untilCompiled(directory: string): Promise<void> {
  while (!(await readdir(directory).catch(() => [])).some(isWhole)) await sleep(50);
}

function isWhole(name: string): boolean {
  return !name.endsWith(".new");
}

/** A clone that clones share the objects of. */
async function cloneMirror({ github, directory }: World): Promise<string> {
  const mirror = join(directory, "mirror.git");
  const credentials = btoa(`x-access-token:${github.as(PERSON).token}`);
  const header = `http.extraHeader=Authorization: Basic ${credentials}`;
  const args = ["-c", header, "clone", "--quiet", "--bare", github.git.url(REPOSITORY), mirror];
  await promisify(execFile)("git", args);
  return mirror;
}

/** All processes of the bot's sandboxes. */
async function sandboxesOf({ pid }: Program): Promise<readonly number[]> {
  const found = await withChildren(pid);
  const names = await Promise.all(
    found.map(async (id) => readFile(`/proc/${id}/comm`, "utf8").catch(() => "")),
  );
  const first = found.find((_, index) => names[index]?.trim() === "bwrap");
  return first === undefined ? [] : withChildren(first);
}
