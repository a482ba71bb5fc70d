import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const COMPILED = fileURLToPath(
  new URL("../../node_modules/.cache/compiled-unpaced", import.meta.url),
);
const SERVER = fileURLToPath(new URL("../../script/server", import.meta.url));

/** The bot as a process of its own, started as an administrator starts it. */
export interface BotProcess {
  readonly url: string;
  readonly pid: number;
  /** Every line of its log so far. */
  readonly lines: readonly string[];
  /** Resolves when so many lines of its log have this message; one, unless given. */
  logged(message: string, count?: number): Promise<void>;
  /** Asks it to stop with SIGTERM; gives its exit code. */
  stop(): Promise<number | null>;
  /** Ends it with SIGKILL, as a crash does. */
  kill(): Promise<void>;
}

/**
 * Starts `script/server` with these settings, or another program; rejects when it ends before it listens.
 *
 * @param program a file of JavaScript to be started instead of `script/server`
 * @param onSpawn called with the id of its process, long before it listens
 */
export async function startBot(
  settings: Readonly<Record<string, string>>,
  program?: string,
  onSpawn: (pid: number) => void = () => {},
): Promise<BotProcess> {
  const { PATH, HOME } = process.env;
  const [command, ...rest] =
    program === undefined
      ? ([SERVER] as const)
      : ([process.execPath, "--disable-warning=ExperimentalWarning", program] as const);
  const child = spawn(command, rest, {
    env: {
      PATH,
      HOME,
      HOST: "127.0.0.1",
      PORT: "0",
      ...(program === undefined ? {} : { NODE_COMPILE_CACHE: COMPILED }),
      ...settings,
    },
    // The bot of the tests sees by its input that whoever started it is gone.
    stdio: ["pipe", "pipe", "inherit"],
  });
  if (child.pid !== undefined) onSpawn(child.pid);
  const lines: string[] = [];
  const output = createInterface({ input: child.stdout });
  output.on("line", (line) => lines.push(line));
  const ended = once(child, "exit");

  async function logged(message: string, count = 1): Promise<void> {
    const isSaid = () =>
      lines.filter((line) => line.includes(`"msg":"${message}"`)).length >= count;
    while (!isSaid()) {
      await Promise.race([once(output, "line"), ended]);
      if (child.exitCode !== null && !isSaid()) {
        throw new Error(`the bot ended before it logged "${message}":\n${lines.join("\n")}`);
      }
    }
  }

  await logged("listening");
  const url = /"url":"(?<url>[^"]+)"/u.exec(lines.join(""))?.groups?.["url"] ?? "";
  const endWith = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await ended;
  };
  return {
    url,
    pid: child.pid ?? 0,
    lines,
    logged,
    async stop() {
      await endWith("SIGTERM");
      return child.exitCode;
    },
    kill: () => endWith("SIGKILL"),
  };
}
