import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { FRUGAL_SETTINGS, LIMIT_PROCESSES, NOT_LIMITED } from "../core/workspace/bounds.ts";
import type { GitAccess } from "../core/workspace/git.ts";
import { gitEnvironment } from "../core/workspace/git.ts";

/** Milliseconds after which Git is ended. */
const TIMEOUT = 600_000;

/** How a Git process ended. */
export interface GitResult {
  readonly status: number;
  readonly output: string;
  readonly errors: string;
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
  /** Whether it reads what an agent has made: then it gets little memory and time. */
  readonly isBounded?: boolean;
}

/** For Bash: what it's given, within the limits. */
const BOUNDED = `${LIMIT_PROCESSES}\nexec "$@"`;

interface ExecError {
  readonly code?: unknown;
  readonly stderr?: unknown;
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
  const frugal = FRUGAL_SETTINGS.flatMap(([section, key, value]) => [
    "-c",
    `${section}.${key}=${value}`,
  ]);
  const command = ["git", ...(isBounded ? frugal : []), "-C", directory, ...args];
  const bounded = ["/bin/bash", "-p", "-c", BOUNDED, "bounded", ...command];
  const [program = "", ...rest] = isBounded ? bounded : command;
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
    return { status: 0, output: stdout, errors: stderr };
  } catch (error) {
    const { code, stderr = String(error) }: ExecError = Object(error);
    const status = typeof code === "number" ? code : 1;
    const isLimited = !isBounded || status !== NOT_LIMITED.status;
    return { status, output: "", errors: isLimited ? String(stderr) : NOT_LIMITED.message };
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
