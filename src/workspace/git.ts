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
}

/** What Git may do beside reading and writing its directory. */
export interface GitOptions {
  /** Where it may connect; nowhere, unless given. */
  readonly access?: GitAccess;
  /** Bytes; with more, it's ended with the status 1. */
  readonly maxOutput?: number;
  /** Ends it, with the status 1. */
  readonly signal?: AbortSignal;
}

/**
 * Runs Git outside a sandbox, in a directory that no agent can write to. Arguments that aren't the bot's own stand behind
 * `--end-of-options`.
 */
export async function runGit(
  directory: string,
  args: readonly string[],
  { access, maxOutput = 2 ** 20, signal }: GitOptions = {},
): Promise<GitResult> {
  try {
    const { stdout, stderr } = await promisify(execFile)("git", ["-C", directory, ...args], {
      env: gitEnvironment(process.env["PATH"] ?? "", access ?? null),
      maxBuffer: maxOutput,
      timeout: TIMEOUT,
      ...(signal && { signal }),
    });
    return { status: 0, output: stdout, errors: stderr };
  } catch (error) {
    const { code, stderr = String(error) }: { code?: unknown; stderr?: unknown } = Object(error);
    return { status: typeof code === "number" ? code : 1, output: "", errors: String(stderr) };
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
