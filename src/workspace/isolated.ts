import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { SandboxLimits } from "../core/isolation/limits.ts";
import type { Isolation } from "../ports/isolation.ts";
import type { Workspace } from "../ports/workspaces.ts";

/** A script that Git is run by, in a sandbox without a network. */
interface IsolatedScript {
  readonly workspace: Workspace;
  /** For Bash. */
  readonly script: string;
  readonly args: readonly string[];
  /** Where its output goes, and how many bytes at most; nowhere, unless given. */
  readonly output?: { readonly path: string; readonly maxBytes: number };
}

const ENVIRONMENT = {
  PATH: "/usr/bin:/bin",
  HOME: "/home/agent",
  LC_ALL: "C",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
};

/** How a script ended: `status` is null when it was ended for a limit. */
export interface ScriptEnd {
  readonly status: number | null;
  readonly isCut: boolean;
}

/** Runs a script in a workspace, whatever is in there. */
export async function runIsolated(
  { isolation, limits }: { readonly isolation: Isolation; readonly limits: SandboxLimits },
  { workspace, script, args, output }: IsolatedScript,
): Promise<ScriptEnd> {
  const sandbox = {
    command: ["/bin/bash", "-p", "-c", script, "script", ...args] as const,
    workspace: workspace.directory,
    state: null,
    readable: [workspace.objects],
    forwards: [],
    limits,
  };
  const command = isolation.command(sandbox);
  const child = spawn(command.program, command.args, {
    env: ENVIRONMENT,
    stdio: ["ignore", output === undefined ? "ignore" : "pipe", "ignore"],
  });
  const watching = isolation.watch(child.pid ?? 0, sandbox);
  const ended = once(child, "exit");
  const isCut =
    output !== undefined && child.stdout !== null && !(await save(child.stdout, output));
  if (isCut) child.kill("SIGKILL");
  await ended;
  watching.stop();
  return { status: child.exitCode, isCut };
}

/** False when there's more than fits. */
async function save(
  source: NodeJS.ReadableStream,
  { path, maxBytes }: { readonly path: string; readonly maxBytes: number },
): Promise<boolean> {
  let bytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      bytes += chunk.length;
      callback(bytes > maxBytes ? new Error("too much") : null, chunk);
    },
  });
  try {
    await pipeline(source, counted, createWriteStream(path, { mode: 0o600 }));
    return true;
  } catch (error) {
    if (bytes > maxBytes) return false;
    throw error;
  }
}
