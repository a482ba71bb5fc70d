import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { SandboxLimits } from "../core/isolation/limits.ts";
import type { Isolation } from "../ports/isolation.ts";
import type { LocalCopilot } from "../ports/local-sessions.ts";
import { removeTree } from "../workspace/remove-tree.ts";

/** What compiled code is for, and where it's kept. */
interface CompiledOptions {
  readonly isolation: Isolation;
  /** A directory of the bot's own. */
  readonly directory: string;
  /** The runtime's program; an absolute path. */
  readonly program: string;
  readonly limits: SandboxLimits;
}

/** In the bot's directory. */
const COMPILED = "compiled";

/**
 * Where the runtime's code is as Node has compiled it, which sandboxes only read: a third of the runtime's start. A runtime
 * that's one file unpacks itself there as well, which takes seconds and, in a sandbox, 235 MB of memory (1.0.102). Null
 * without isolation, where all have the machine's own (`/tmp/node-compile-cache`, `~/.cache/copilot`).
 */
function placeOf({ directory, program, isolation }: Omit<CompiledOptions, "limits">) {
  if (!isolation.isIsolated) return null;
  const { size, mtimeMs } = statSync(program);
  const version = JSON.stringify([program, size, mtimeMs, process.version]);
  const name = createHash("sha256").update(version).digest("hex").slice(0, 16);
  return join(directory, COMPILED, name);
}

/** The command that starts a runtime. */
export function runtimeCommand(program: string): readonly [string, ...string[]] {
  return program.endsWith(".js") ? [process.execPath, program] : [program];
}

/** The files that it needs. What's beside it is seen by sandboxes only where it's the runtime's own package. */
export function filesOf(program: string): readonly string[] {
  const node = program.endsWith(".js") ? [process.execPath] : [];
  const directory = dirname(program);
  return [...node, isPackageOfRuntime(directory) ? directory : program];
}

const packageSchema = z.object({ name: z.string().startsWith("@github/copilot") });

function isPackageOfRuntime(directory: string): boolean {
  try {
    const text = readFileSync(join(directory, "package.json"), "utf8");
    return packageSchema.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}

/** The directory of the runtime's compiled code; null while there's none. */
export function compiledFor(options: Omit<CompiledOptions, "limits">): string | null {
  const place = placeOf(options);
  return place !== null && existsSync(place) ? place : null;
}

/** What has the runtime read its compiled code from there, or leave it there. */
export function compiledVariables(place: string): Readonly<Record<string, string>> {
  // Both forms of the runtime, as they name it (1.0.80, 1.0.102: sea-loader.js).
  return { NODE_COMPILE_CACHE: place, COPILOT_PKG_CACHE_HOME: place };
}

/**
 * Has the runtime compile its code, unless that's done, in a sandbox where no agent ever is: whoever could write to it would
 * run in all later sandboxes.
 */
export async function compileRuntime(
  options: CompiledOptions,
  copilot: Pick<LocalCopilot, "rehearse">,
): Promise<void> {
  const place = placeOf(options);
  const { directory, isolation } = options;
  // What isn't isolated could write there, and would be in all sandboxes when isolation is back.
  if (place === null) return removeTree(join(directory, COMPILED));
  if (existsSync(place)) return;
  await removeTree(join(directory, COMPILED));
  const made = `${place}.new`;
  await isolation.makeDirectory(directory, made, "sandboxes");
  await rehearseIn(made, options, copilot);
  await rename(made, place);
}

async function rehearseIn(
  workspace: string,
  { isolation, program, limits }: CompiledOptions,
  copilot: Pick<LocalCopilot, "rehearse">,
): Promise<void> {
  const sandbox: Awaited<ReturnType<Isolation["open"]>> = await isolation.open({
    command: runtimeCommand(program),
    workspace,
    state: null,
    readable: filesOf(program),
    forwards: {},
    limits,
  });
  const { command, environment, paths } = sandbox;
  const variables = { ...environment, ...compiledVariables(paths.workspace) };
  const place = { workspace: "/", state: "/tmp/state", command, variables, placeholder: null };
  try {
    await copilot.rehearse(place);
  } finally {
    await sandbox.close();
  }
}
