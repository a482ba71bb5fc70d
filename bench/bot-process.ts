import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { environmentOf, NODE_OPTIONS, pathOf } from "./program.ts";

const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));
/** As `script/server` and the image set them, and the floors get them too. */
const COMPILED = fileURLToPath(new URL("../node_modules/.cache/compiled", import.meta.url));
const ALLOCATION = { MALLOC_ARENA_MAX: "2" };

type Settings = Readonly<Record<string, string>>;

/** The bundled bot as a process, with what its start took. */
export interface BotProcess {
  readonly url: string;
  readonly pid: number;
  /** From nothing to the line `listening`, in milliseconds. */
  readonly listeningMs: number;
  /** To the line about the runtime, after which `/readyz` answers with 200. */
  readonly readyMs: number;
  /** What it holds, and what of it is still in use, in bytes; only of one with a probe. */
  memory(): Promise<{ readonly rss: number; readonly heap: number }>;
  /** Ends it in the middle of its work. */
  kill(): Promise<void>;
}

const usage = z.object({ rss: z.number(), heap: z.number() });

/** Lets a bot report what it holds. Loading it takes time, which is nothing of the bot's. */
const PROBE = ["--expose-gc", `--import=${pathOf("memory-probe")}`];

/**
 * Starts the bundle as script/server and the image do.
 *
 * @param probe whether it can be asked about its memory
 */
export async function startBotProcess(settings: Settings, probe = false): Promise<BotProcess> {
  const began = performance.now();
  const child = run(MAIN, settings, probe ? PROBE : []);
  const since = () => performance.now() - began;
  const [[line, listeningMs], runtimeMs] = await Promise.all([
    lineWith(child, '"msg":"listening"').then((text) => [text, since()] as const),
    lineWith(child, '"msg":"Copilot runtime ready"').then(since),
  ]);
  const url = /"url":"(?<url>[^"]+)"/u.exec(line)?.groups?.["url"] ?? "";
  // Asked once: a bot that is asked again and again while it starts would start later for that.
  const { status } = await fetch(`${url}/readyz`);
  if (status !== 200) {
    await end(child);
    throw new Error(`the bot says that it is ready, and /readyz ${status}`);
  }
  return {
    url,
    pid: child.pid ?? 0,
    listeningMs,
    readyMs: Math.max(listeningMs, runtimeMs),
    async memory() {
      const answer = once(child, "message");
      child.send({ ask: "memory" });
      const [answered]: unknown[] = await answer;
      return usage.parse(answered);
    },
    kill: () => end(child),
  };
}

/** Starts a program of the benchmarks and ends it; gives the milliseconds to its exit. */
export async function timeToExit(program: string, settings: Settings): Promise<number> {
  const began = performance.now();
  await once(run(pathOf(program), settings), "exit");
  return performance.now() - began;
}

/** The milliseconds to a line of a program. */
export async function timeToLine(program: string, line: string, settings: Settings) {
  const began = performance.now();
  const child = run(pathOf(program), settings);
  await lineWith(child, line);
  const tookMs = performance.now() - began;
  await end(child);
  return tookMs;
}

function run(program: string, settings: Settings, options: readonly string[] = []): ChildProcess {
  return spawn(process.execPath, [...NODE_OPTIONS, ...options, program], {
    env: { ...environmentOf(settings), ...ALLOCATION, NODE_COMPILE_CACHE: COMPILED },
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
}

async function lineWith({ stdout }: ChildProcess, text: string): Promise<string> {
  if (stdout === null) throw new TypeError("the program has no output");
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const lines = createInterface({ input: stdout });
  // All lines are read, so that the program never waits for room in the pipe.
  lines.on("line", (line) => {
    if (line.includes(text)) resolve(line);
  });
  lines.on("close", () => reject(new Error(`the program ended before it printed ${text}`)));
  return promise;
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}
