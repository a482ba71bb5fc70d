import { ChildProcess } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { CopilotClient, RuntimeConnection } from "@github/copilot-sdk";
import { z } from "zod";
import type { TraceHeaders } from "../ports/tracing.ts";

/** The process of a runtime, with what it says. */
export type RuntimeProcess = Pick<ChildProcess, "stdin" | "stdout" | "stderr" | "kill" | "killed">;

/** What the runtime process is given. */
export interface ClientOptions {
  /** Where the runtime keeps its state. */
  readonly directory: string;
  /** Where the process starts; there, unless given. */
  readonly workingDirectory?: string;
  /** The bot's own environment, of which the runtime gets a part. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** The program that is run; otherwise the SDK's own. */
  readonly program?: string | undefined;
  /** What comes before the runtime's own arguments, where another program starts it. */
  readonly programArguments?: readonly string[];
  /** Variables that the process gets besides, whatever their names. */
  readonly additions?: Readonly<Record<string, string>>;
  /** The one user of this process; otherwise each session brings its token. */
  readonly token?: string | undefined;
  /** Gets the process as soon as it's there, before anybody reads what it says. */
  readonly onProcess?: (child: RuntimeProcess) => void;
  /** The trace context of what is asked of the process at the moment; none, unless given. */
  readonly traceHeaders?: () => TraceHeaders;
}

/** An allow-list: the webhook secret, the private key and tokens must never reach the runtime. */
const PASSED_ON = [
  "PATH",
  "HOME",
  "LANG",
  "TZ",
  "HTTPS_PROXY",
  "HTTP_PROXY",
  "NO_PROXY",
  "NODE_EXTRA_CA_CERTS",
  "COPILOT_MC_BASE_URL",
  "COPILOT_API_URL",
  "COPILOT_DEBUG_GITHUB_API_URL",
  "COPILOT_GH_HOST",
  "GITHUB_COPILOT_INTEGRATION_ID",
] as const;

/** A client of a runtime process of its own, which starts with the client. */
export function createClient(options: ClientOptions): CopilotClient {
  const { directory, variables, additions, program, token, traceHeaders } = options;
  const connection = { path: program ?? "", args: options.programArguments ?? [] };
  const client = new CopilotClient({
    mode: "empty",
    baseDirectory: directory,
    workingDirectory: options.workingDirectory ?? directory,
    useLoggedInUser: false,
    logLevel: "error",
    env: inBothCases({ ...runtimeEnvironment(variables), ...additions }),
    ...(program === undefined ? {} : { connection: RuntimeConnection.forStdio(connection) }),
    ...(token === undefined ? {} : { gitHubToken: token }),
    ...(traceHeaders === undefined ? {} : { onGetTraceContext: traceHeaders }),
  });
  failOnlyByConnection(client);
  if (options.onProcess !== undefined) callWithProcess(client, options.onProcess);
  return client;
}

/** The SDK begins to read in the same turn in which it has the process. */
function callWithProcess(client: CopilotClient, onProcess: (child: RuntimeProcess) => void): void {
  let child: unknown = null;
  Object.defineProperty(client, "cliProcess", {
    get: () => child,
    set(next: unknown) {
      child = next;
      if (next instanceof ChildProcess) onProcess(next);
    },
  });
}

// The SDK has no name for its process.
const emittingProcess = z.object({ cliProcess: z.instanceof(EventEmitter) });
const processWithId = z.object({ cliProcess: z.object({ pid: z.number() }) });

/** The id of the client's process; null while there's none. */
export function processIdOf(client: CopilotClient): number | null {
  return processWithId.safeParse(client).data?.cliProcess.pid ?? null;
}

/**
 * Lets what is written to a process that has just ended fail with the connection alone, which rejects the call. The
 * library for JSON-RPC would also throw where nobody can catch it (vscode-jsonrpc 8.2.1, `sendRequest`), and an
 * unhandled rejection ends the bot. The SDK does so itself while it stops, and has no name for it.
 */
function failOnlyByConnection(client: CopilotClient): void {
  let writer: unknown = null;
  Object.defineProperty(client, "messageWriter", {
    get: () => writer,
    set(next: unknown) {
      // It writes as soon as it has one.
      if (next instanceof Object) Reflect.set(next, "suppressWriteErrors", true);
      writer = next;
    },
  });
}

const realProcess = z.object({ cliProcess: z.instanceof(ChildProcess) });

/** Has the client's process end by itself: only then it leaves behind what it keeps for others. Resolves when it has. */
export async function endByItself(client: CopilotClient): Promise<void> {
  const { cliProcess } = realProcess.parse(client);
  const ended = once(cliProcess, "exit");
  cliProcess.stdin?.end();
  await ended;
}

/** Calls back as soon as the client's process has ended. From then on the SDK must not be asked for anything. */
export function onExit(client: CopilotClient, listener: () => void): void {
  emittingProcess.safeParse(client).data?.cliProcess.once("exit", listener);
}

/** What of the bot's variables the runtime gets. One that is set to nothing counts as not set. */
export function runtimeEnvironment(variables: Readonly<Record<string, unknown>>) {
  const set = PASSED_ON.map((name) => [name, variables[name]] as const).filter(
    (entry): entry is readonly [(typeof PASSED_ON)[number], string] =>
      typeof entry[1] === "string" && entry[1].trim() !== "",
  );
  return Object.fromEntries(set);
}

/** Versions of the runtime, and the programs that it runs, differ in which case they read. */
function inBothCases(variables: Readonly<Record<string, string>>): Record<string, string> {
  const lower = Object.entries(variables)
    .filter(([name]) => name.endsWith("_PROXY"))
    .map(([name, value]) => [name.toLowerCase(), value]);
  return { ...variables, ...Object.fromEntries(lower) };
}
