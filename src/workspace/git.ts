import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { GitAccess } from "../core/workspace/git.ts";
import { gitEnvironment } from "../core/workspace/git.ts";

/** Milliseconds after which Git is ended. */
const TIMEOUT = 600_000;

/** How a Git process ended. */
export interface GitResult {
  readonly status: number;
  readonly output: string;
  readonly errors: string;
  /** Whether a signal or the limit of its output has ended it. */
  readonly wasEnded: boolean;
}

/** What Git may do beside reading and writing its directory. */
export interface GitOptions {
  /** Where it may connect; nowhere, unless given. */
  readonly access?: GitAccess;
  /** Bytes; with more, it's ended with the status 1. */
  readonly maxOutput?: number;
  /** What it reads. */
  readonly input?: string;
  /** Ends it, with the status 1. */
  readonly signal?: AbortSignal;
  /** Whether it reads what an agent has made: then it gets little memory and time, see `isOverLimit`. */
  readonly isBounded?: boolean;
}

/**
 * Limits of each process, and settings with which Git gets along with them: it maps packs piece by piece, streams large
 * files, and packs on one processor.
 */
const BOUNDED = {
  limits: ["--as=1073741824", "--cpu=120", "--core=0"],
  settings: [
    "core.bigFileThreshold=1m",
    "core.packedGitWindowSize=32m",
    "core.packedGitLimit=256m",
    "pack.threads=1",
    "pack.windowMemory=64m",
    "pack.deltaCacheSize=64m",
  ],
};

/** What Git reports when it, or a program of its own that it started, has no more memory or time. */
const OVER_LIMIT = /out of memory|cannot allocate memory|mmap failed|died of signal/iu;

/** Whether Git was ended by a limit of `isBounded`, or because its output was too large. */
export function isOverLimit({ errors, wasEnded }: GitResult): boolean {
  return wasEnded || OVER_LIMIT.test(errors);
}

interface ExecError {
  readonly code?: unknown;
  readonly stderr?: unknown;
  readonly signal?: unknown;
}

/**
 * Runs Git outside a sandbox, in a directory that no agent can write to. Arguments that aren't the bot's own stand behind
 * `--end-of-options`.
 */
export async function runGit(
  directory: string,
  args: readonly string[],
  { access, maxOutput = 2 ** 20, input = "", signal, isBounded = false }: GitOptions = {},
): Promise<GitResult> {
  const settings = isBounded ? BOUNDED.settings.flatMap((setting) => ["-c", setting]) : [];
  const command = ["git", ...settings, "-C", directory, ...args];
  const [program = "", ...rest] = isBounded ? ["prlimit", ...BOUNDED.limits, ...command] : command;
  try {
    const running = promisify(execFile)(program, rest, {
      env: gitEnvironment(process.env["PATH"] ?? "", access ?? null),
      maxBuffer: maxOutput,
      timeout: TIMEOUT,
      ...(signal && { signal }),
    });
    // One that has ended reads no more. Why it did is in its status.
    running.child.stdin?.on("error", () => {}).end(input);
    const { stdout, stderr } = await running;
    return { status: 0, output: stdout, errors: stderr, wasEnded: false };
  } catch (error) {
    const { code, stderr = String(error), signal: ending }: ExecError = Object(error);
    const wasEnded = code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER" || typeof ending === "string";
    const status = typeof code === "number" ? code : 1;
    return { status, output: "", errors: String(stderr), wasEnded };
  }
}

/**
 * The same, where only success is expected.
 *
 * @throws with what Git reported
 */
export async function mustGit(...run: Parameters<typeof runGit>): Promise<string> {
  const { status, output, errors } = await runGit(...run);
  if (status !== 0) throw new Error(`git ${run[1][0]} failed: ${errors.trim().slice(0, 500)}`);
  return output;
}
