/** With this status ends what can't be limited, before it has done anything. */
export const NOT_LIMITED = {
  status: 71,
  message: "Memory and time of Git can't be limited on this machine (ulimit -v, ulimit -t)",
} as const;

/**
 * For Bash: limits of each process from here on, the same for whoever runs it. Git has many ways to use all memory and time
 * on what an agent has made. Without the limits, nothing is run.
 */
export const LIMIT_PROCESSES = `ulimit -c 0 -v 1048576 -t 120 || exit ${NOT_LIMITED.status}`;

/**
 * Settings with which Git gets along with them: it maps packs piece by piece, streams large files, and packs on one
 * processor.
 */
export const FRUGAL_SETTINGS: readonly (readonly [section: string, key: string, value: string])[] =
  [
    ["core", "bigFileThreshold", "1m"],
    ["core", "packedGitWindowSize", "32m"],
    ["core", "packedGitLimit", "256m"],
    ["pack", "threads", "1"],
    ["pack", "windowMemory", "64m"],
    ["pack", "deltaCacheSize", "64m"],
  ];
