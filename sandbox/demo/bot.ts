import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** The bot as a process of its own, started as an administrator starts it. */
export interface BotProcess {
  readonly url: string;
  /** Every line of its log so far. */
  readonly lines: readonly string[];
  /** Asks it to stop with SIGTERM; gives its exit code. */
  stop(): Promise<number | null>;
}

/** Starts `script/server` with these settings and a directory of data of its own. */
export async function startBot(settings: Readonly<Record<string, string>>): Promise<BotProcess> {
  const directory = await mkdtemp(join(tmpdir(), "copilot-task-bot-"));
  const { PATH, HOME } = process.env;
  const child = spawn("script/server", {
    env: { PATH, HOME, HOST: "127.0.0.1", PORT: "0", DATA_DIR: directory, ...settings },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: string[] = [];
  const { promise: listening, resolve, reject } = Promise.withResolvers<string>();
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(line);
    const url = /"url":"(?<url>[^"]+)".*"msg":"listening"/u.exec(line)?.groups?.["url"];
    if (url !== undefined) resolve(url);
  });
  const ended = once(child, "exit");
  ended.then(
    () => reject(new Error(`the bot ended before it listened:\n${lines.join("\n")}`)),
    reject,
  );
  const url = await listening;
  return {
    url,
    lines,
    async stop() {
      child.kill("SIGTERM");
      await ended;
      await rm(directory, { recursive: true, force: true });
      return child.exitCode;
    },
  };
}
