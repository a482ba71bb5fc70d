import { spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { LimitName, SandboxLimits } from "../core/isolation/limits.ts";
import type { Isolation, Sandbox } from "../ports/isolation.ts";
import type { Workspace } from "../ports/workspaces.ts";

/** What scripts run in, and what they may use. */
export interface ScriptSandbox {
  readonly isolation: Isolation;
  readonly limits: SandboxLimits;
}

/** A script that Git is run by, without a network. */
interface IsolatedScript {
  readonly workspace: Workspace;
  /** For Bash. */
  readonly script: string;
  readonly args: readonly string[];
  /** A file that it reads; nothing, unless given. */
  readonly input?: string;
  /** Where its output goes, and how many bytes at most; nowhere, unless given. */
  readonly output?: { readonly path: string; readonly maxBytes: number };
}

const ENVIRONMENT = {
  LC_ALL: "C",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_ATTR_NOSYSTEM: "1",
  GIT_TERMINAL_PROMPT: "0",
  GIT_NO_LAZY_FETCH: "1",
};

/** Milliseconds for one script. An agent can have it wait forever. */
const MAX_TIME = 300_000;
/** Milliseconds in which the rest of its output arrives. An agent can keep it open. */
const REST_OF_OUTPUT = 2000;

/** How a script ended. */
export interface ScriptEnd {
  /** Null when it was ended, or its output was never whole. */
  readonly status: number | null;
  /** Whether its output was too large. */
  readonly isCut: boolean;
  /** For which limit it was ended. */
  readonly exceeded: LimitName | null;
}

/** Runs a script in a workspace, whatever is in there, and whoever changes it at the same time. */
export async function runIsolated(
  { isolation, limits }: ScriptSandbox,
  script: IsolatedScript,
): Promise<ScriptEnd> {
  const { workspace } = script;
  const sandbox = await isolation.open({
    command: commandOf(script),
    workspace: workspace.directory,
    state: null,
    readable: workspace.readable,
    forwards: {},
    limits: { ...limits, time: Math.min(limits.time, MAX_TIME) },
  });
  return runIn(sandbox, script);
}

/**
 * Runs a script as the bot's own user, in a directory that is the bot's alone: where nothing is isolated, that's better
 * than one that agents' user can write to. The script limits itself, except for the time.
 */
export async function runAsBot(script: IsolatedScript): Promise<ScriptEnd> {
  let group: number | null = null;
  const outside = {
    command: {
      program: "timeout",
      args: ["--signal=KILL", String(MAX_TIME / 1000), ...commandOf(script)],
    },
    environment: { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent" },
    watch(processId: number) {
      group = processId;
    },
    close() {
      try {
        if (group !== null) process.kill(-group, "SIGKILL");
      } catch {
        // Nothing is left of it.
      }
      return Promise.resolve(null);
    },
  };
  return runIn(outside, script, { cwd: script.workspace.directory });
}

function commandOf({ script, args }: IsolatedScript): readonly [string, ...string[]] {
  return ["/bin/bash", "-p", "-c", script, "script", ...args];
}

async function runIn(
  sandbox: Pick<Sandbox, "command" | "environment" | "watch" | "close">,
  script: IsolatedScript,
  options: { readonly cwd?: string } = {},
): Promise<ScriptEnd> {
  let ended: Omit<ScriptEnd, "exceeded">;
  try {
    ended = await start(sandbox, script, options);
  } catch (error) {
    await sandbox.close();
    throw error;
  }
  return { ...ended, exceeded: await sandbox.close() };
}

async function start(
  sandbox: Pick<Sandbox, "command" | "environment" | "watch">,
  { input, output }: IsolatedScript,
  options: { readonly cwd?: string },
): Promise<Omit<ScriptEnd, "exceeded">> {
  const { command, environment } = sandbox;
  const child = spawn(command.program, command.args, {
    ...options,
    env: { ...ENVIRONMENT, ...environment },
    stdio: [
      input === undefined ? "ignore" : "pipe",
      output === undefined ? "ignore" : "pipe",
      "ignore",
    ],
  });
  const exit = once(child, "exit");
  // It's awaited later, or not at all when something else fails first.
  exit.catch(() => {});
  if (child.pid !== undefined) sandbox.watch(child.pid);
  // A script that doesn't want all of it says so with its status.
  if (input !== undefined && child.stdin !== null)
    pipeline(createReadStream(input), child.stdin).catch(() => {});
  const saved =
    output === undefined || child.stdout === null
      ? "whole"
      : await save(child.stdout, exit, output);
  if (saved === "too_large") child.kill("SIGKILL");
  await exit;
  return { status: saved === "whole" ? child.exitCode : null, isCut: saved === "too_large" };
}

async function save(
  source: NodeJS.ReadableStream,
  exit: Promise<unknown>,
  { path, maxBytes }: { readonly path: string; readonly maxBytes: number },
): Promise<"whole" | "too_large" | "never_whole"> {
  let bytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      bytes += chunk.length;
      callback(bytes > maxBytes ? new Error("too much") : null, chunk);
    },
  });
  const late = new AbortController();
  const ended = exit.then(
    () => setTimeout(() => late.abort(), REST_OF_OUTPUT),
    // It was never started.
    () => undefined,
  );
  try {
    const file = createWriteStream(path, { mode: 0o600 });
    await pipeline(source, counted, file, { signal: late.signal });
    return "whole";
  } catch (error) {
    if (bytes > maxBytes) return "too_large";
    if (late.signal.aborted) return "never_whole";
    throw error;
  } finally {
    void ended.then(clearTimeout);
  }
}
