import type { LimitName } from "../isolation/limits.ts";
import type { IsolationTroubleName } from "../isolation/unavailable.ts";
import { MAX_RETRIES } from "../task/failure.ts";
import { isolationTrouble } from "../isolation/unavailable.ts";

/** What a failure of the machine that a session was to run on means: what happened, and what its administrator does. */
interface Meaning {
  readonly sentence: string;
  readonly remedy: string;
}

function notIsolated(name: IsolationTroubleName): () => Meaning {
  const { found, cure } = isolationTrouble(name);
  return () => ({
    sentence: `The session didn't start, because it can't be isolated on its machine. ${found}`,
    remedy: `The bot's administrator can fix this. ${cure}`,
  });
}

function overLimit(sentence: string, setting: string): () => Meaning {
  return () => ({
    sentence,
    remedy: `Divide the work into smaller tasks, or ask the bot's administrator to raise \`${setting}\`.`,
  });
}

/** By code, where the cause isn't known. */
export const MACHINE_FAILURES = {
  isolation_unavailable: notIsolated("isolation_unknown"),
  checkout_failed: () => ({
    sentence: "The session didn't start, because the repository couldn't be checked out.",
    remedy: `The bot tried to start it ${MAX_RETRIES + 1} times. The bot's log has the details.`,
  }),
  limit_exceeded: overLimit(
    "The session was ended, because it used more of its machine than it may.",
    "SELF_HOSTED_…",
  ),
} as const;

/** By cause. */
export const MACHINE_CAUSES: Readonly<Record<IsolationTroubleName | LimitName, () => Meaning>> = {
  isolation_namespaces: notIsolated("isolation_namespaces"),
  isolation_proc: notIsolated("isolation_proc"),
  isolation_unit: notIsolated("isolation_unit"),
  isolation_outdated: notIsolated("isolation_outdated"),
  isolation_programs: notIsolated("isolation_programs"),
  isolation_processor: notIsolated("isolation_processor"),
  isolation_root: notIsolated("isolation_root"),
  isolation_user: notIsolated("isolation_user"),
  isolation_directory: notIsolated("isolation_directory"),
  isolation_unknown: notIsolated("isolation_unknown"),
  memory: overLimit(
    "The session was ended, because it used too much memory.",
    "SELF_HOSTED_MEMORY_MB",
  ),
  disk: overLimit(
    "The session was ended, because its files take too much space.",
    "SELF_HOSTED_DISK_MB",
  ),
  free_disk: () => ({
    sentence: "The session was ended, because the disk of its machine is nearly full.",
    remedy:
      "The bot's administrator can free space there. `SELF_HOSTED_FREE_DISK_MB` says how much stays free.",
  }),
  time: overLimit("The session was ended, because its time was up.", "SELF_HOSTED_MINUTES"),
};
