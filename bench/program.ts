import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/** A program of the benchmarks as a process of its own, which ends with this one. */
export interface Program {
  readonly pid: number;
  /** Where it listens; empty for one that does not. */
  readonly url: string;
  /** Asks for something; one question at a time. Rejects when the program ends instead of answering. */
  ask<Answer>(question: Question, answer: z.ZodType<Answer>): Promise<Answer>;
  stop(): Promise<void>;
}

interface Question {
  readonly ask: string;
  readonly [field: string]: unknown;
}

interface Options {
  readonly settings?: Readonly<Record<string, string | undefined>>;
  /** Where its log goes, as a file: nobody has to read it while it is measured. */
  readonly directory: string;
}

const PROGRAMS = fileURLToPath(new URL("./programs/", import.meta.url));

/** The path of a program. */
export function pathOf(name: string): string {
  return join(PROGRAMS, `${name}.ts`);
}

/** The options of Node under which the bot runs. */
export const NODE_OPTIONS: readonly string[] = [
  "--disable-warning=ExperimentalWarning",
  "--max-semi-space-size=4",
  "--no-concurrent-recompilation",
];

/** Set to a directory, each program leaves a profile of its CPU time there when it stops. */
const PROFILES = process.env["BENCH_PROFILES"];
const PROFILING = PROFILES === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${PROFILES}`];

const introduction = z.object({ url: z.string() });

/** Starts `programs/NAME.ts`; rejects when it ends before it is ready. */
export async function startProgram(name: string, options: Options): Promise<Program> {
  const { directory } = options;
  const log = openSync(join(directory, `${name}.log`), "a");
  const child = fork(pathOf(name), {
    env: environmentOf(options.settings ?? {}),
    execArgv: [...NODE_OPTIONS, ...PROFILING],
    stdio: ["ignore", log, "inherit", "ipc"],
  });
  closeSync(log);
  const { url } = introduction.parse(await messageOf(child, name));
  return {
    pid: child.pid ?? 0,
    url,
    async ask(question, answer) {
      const message = messageOf(child, name);
      child.send(question);
      return answer.parse(await message);
    },
    async stop() {
      if (child.exitCode !== null) return;
      const ended = once(child, "exit");
      child.disconnect();
      await ended;
    },
  };
}

/** A process starts with what it is given, and with nothing else of this one's environment. */
export function environmentOf(settings: Readonly<Record<string, string | undefined>>) {
  const { PATH, HOME } = process.env;
  return { PATH, HOME, NODE_ENV: "production", ...settings };
}

async function messageOf(child: ChildProcess, name: string): Promise<unknown> {
  const ended = new AbortController();
  const onExit = () => ended.abort();
  child.once("exit", onExit);
  try {
    const [message]: unknown[] = await once(child, "message", { signal: ended.signal });
    return message;
  } catch (cause) {
    if (!ended.signal.aborted) throw cause;
    throw new Error(`the program ${name} ended; its log may say why`, { cause });
  } finally {
    child.off("exit", onExit);
  }
}
