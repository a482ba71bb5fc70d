import { open } from "node:fs/promises";
import { join } from "node:path";
import { LimitExceeded } from "../core/isolation/limits.ts";
import { NOT_LIMITED } from "../core/workspace/bounds.ts";
import type { Examination, Part } from "../core/workspace/examination.ts";
import {
  EXAMINE,
  EXAMINE_STOPS,
  MAX_FIRST_LINE,
  readExamination,
} from "../core/workspace/examination.ts";
import { BUNDLE, NOTHING_NEW } from "../core/workspace/git.ts";
import type { CommitsToPush, PushStop } from "../core/workspace/push-check.ts";
import type { Workspace } from "../ports/workspaces.ts";
import type { ScriptSandbox } from "./isolated.ts";
import { runAsBot, runIsolated } from "./isolated.ts";
import type { ChangedFiles } from "./changed-files.ts";

/** Bytes of commits, packed. */
const MAX_BUNDLE = 100 * 2 ** 20;
/** Bytes of what's reported about them, with themselves. */
const MAX_EXAMINATION = MAX_BUNDLE + 50 * 2 ** 20;
/** Bytes of memory for reading them. */
const MEMORY = 2 ** 30;

/** Where commits are taken out. */
interface Place {
  readonly workspace: Workspace;
  /** The commit that the task began with. */
  readonly start: string;
  /** The task's directory, which the sandbox of its agent doesn't see. */
  readonly ofTask: string;
  /** An empty directory in it that nothing else uses. */
  readonly directory: string;
}

/** Commits, and what Git says about them; or why they can't be had. */
export type TakenOut =
  | {
      readonly type: "taken";
      /** A file with both. */
      readonly file: string;
      readonly examination: Examination;
      readonly text: CommitsToPush;
      readonly files: ChangedFiles;
    }
  | { readonly type: "stopped"; readonly reason: PushStop };

/**
 * Takes commits out of a workspace, and has Git read them: what has come out then doesn't change any more, whatever the
 * agent does. Both happen in sandboxes, each with a directory of its own; the second one is none of an agent's.
 */
export async function takeOut(sandbox: ScriptSandbox, place: Place): Promise<TakenOut> {
  const bundle = join(place.directory, "commits.bundle");
  const reason = await bundleCommits(sandbox, place, bundle);
  return reason === null ? examine(sandbox, place, bundle) : { type: "stopped", reason };
}

/** Has Git bundle the commits where the agent was, in a sandbox: what Git is made to run there stays there. */
async function bundleCommits(
  sandbox: ScriptSandbox,
  { workspace, start }: Place,
  bundle: string,
): Promise<PushStop | null> {
  const run = async () =>
    runIsolated(sandbox, {
      workspace,
      script: BUNDLE,
      args: [start],
      output: { path: bundle, maxBytes: MAX_BUNDLE },
    });
  const first = await run();
  // Something that still runs may have changed the repository at that moment.
  const isOdd = first.status !== null && ![0, NOTHING_NEW].includes(first.status);
  const { status, isCut } = isOdd ? await run() : first;
  if (isCut) return "too_large";
  if (status === NOTHING_NEW) return "nothing_committed";
  return status === 0 ? null : "unreadable";
}

/**
 * Has Git read a bundle, which may be made to harm it. All sandboxes may have the same user, but none sees more than its
 * own directory and processes.
 */
async function examine(
  { isolation, limits }: ScriptSandbox,
  { workspace: { objects }, start, ofTask, directory: own }: Place,
  bundle: string,
): Promise<TakenOut> {
  const directory = join(own, "examination");
  const file = join(own, "examined");
  await isolation.makeDirectory(ofTask, directory, isolation.isIsolated ? "sandboxes" : "bot");
  const script = {
    workspace: { directory, objects, readable: [objects] },
    script: EXAMINE,
    args: [start, objects],
    input: bundle,
    output: { path: file, maxBytes: MAX_EXAMINATION },
  };
  const { status, exceeded } = isolation.isIsolated
    ? await runIsolated({ isolation, limits: { ...limits, memory: MEMORY } }, script)
    : await runAsBot(script);
  if (exceeded === "free_disk")
    throw new LimitExceeded(exceeded, "The disk has no room for examining the commits");
  // It was ended, for a limit.
  if (status === null) return { type: "stopped", reason: "too_large" };
  const reason = EXAMINE_STOPS.get(status);
  if (reason !== undefined) return { type: "stopped", reason };
  if (status === NOT_LIMITED.status) throw new Error(NOT_LIMITED.message);
  if (status !== 0) throw new Error(`The commits couldn't be examined (status ${status})`);
  return readExamined(file);
}

async function readExamined(file: string): Promise<TakenOut> {
  await using handle = await open(file);
  const read = async ({ start, size }: Part) => {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size), 0, size, start);
    // What isn't read isn't examined.
    if (bytesRead !== size) throw new Error("The result of the examination couldn't be read");
    return buffer.toString("utf8");
  };
  const { size } = await handle.stat();
  const begin = await read({ start: 0, size: Math.min(size, MAX_FIRST_LINE) });
  const examination = readExamination(begin, size);
  if (examination === null) throw new Error("The commits couldn't be examined (no result)");
  const text = {
    commits: await read(examination.commits),
    paths: (await read(examination.paths)).split("\0"),
    changes: await read(examination.changes),
  };
  const files = {
    changes: await read(examination.raw),
    contents: await read(examination.contents),
  };
  return { type: "taken", file, examination, text, files };
}
