import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { Server } from "node:http";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { COMPILED } from "../../compiled.ts";

const SCRIPT = fileURLToPath(new URL("../../../script/register.ts", import.meta.url));

/** How the program is called, before its arguments. */
export const PROGRAM: readonly string[] = ["--disable-warning=ExperimentalWarning", SCRIPT];

/** Its variables, without any setting. Nothing of it gets into anybody's home. */
export function ownVariables(directory: string) {
  return { ...COMPILED, PATH: process.env["PATH"], HOME: directory, TMPDIR: directory };
}

/** A program that waits for GitHub. */
export interface Registering {
  /** Of the first page. */
  readonly url: string;
  readonly port: number;
  /** What the terminal shows, with and without errors, once it has ended; with its exit code. */
  readonly ended: Promise<{
    readonly output: string;
    readonly errors: string;
    readonly code: number;
  }>;
  kill(signal: "SIGINT" | "SIGTERM"): void;
}

export interface RegisterOptions {
  readonly directory: string;
  readonly args?: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
}

/** Starts the program, and waits for its page. */
export async function startRegister(options: RegisterOptions): Promise<Registering> {
  const { directory, args = [], variables } = options;
  const port = await freePort();
  const all = [...PROGRAM, "https://bot.example.com", "--port", String(port), ...args];
  const env = { ...ownVariables(directory), ...variables };
  const child = spawn(process.execPath, all, { cwd: directory, env });
  const exited = once(child, "close");
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await exited;
  });
  const lines: string[] = [];
  const found = Promise.withResolvers<string>();
  createInterface(child.stdout).on("line", (line) => {
    lines.push(line);
    if (/^ {2}http:/u.test(line)) found.resolve(line.trim());
  });
  const errors = text(child.stderr);
  const ended = exited.then(async ([code]) => {
    const said = { output: lines.join("\n"), errors: await errors, code: Number(code) };
    found.reject(new Error(`It ended: ${JSON.stringify(said)}`));
    return said;
  });
  const url = await found.promise;
  return { url, port, ended, kill: (signal) => void child.kill(signal) };
}

/** Has a server listen on this machine; its port. */
export async function listening(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("no port");
  return address.port;
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  await server[Symbol.asyncDispose]();
  return port;
}
