import { spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { COMPILED } from "../compiled.ts";
import { temporaryDirectory } from "../store/opened.ts";

const MAIN = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
const SETTINGS = {
  APP_ID: "4711",
  PRIVATE_KEY: privateKey.export({ type: "pkcs1", format: "pem" }).toString(),
  WEBHOOK_SECRET: "b2f8c1d94e6a7f30",
  COPILOT_GITHUB_TOKEN: "github_pat_11ABC",
  HOST: "127.0.0.1",
  PORT: "0",
};

/** The bot as an administrator starts it; where it listens. */
async function start(variables: Readonly<Record<string, string>>): Promise<URL> {
  const { PATH, HOME, TMPDIR } = process.env;
  const settings = { ...SETTINGS, DATA_DIR: temporaryDirectory(), ...variables };
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", MAIN], {
    env: { ...COMPILED, PATH, HOME, TMPDIR, ...settings },
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(async () => {
    child.kill("SIGTERM");
    await once(child, "exit");
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const { msg, url }: Readonly<Record<string, unknown>> = JSON.parse(line);
    if (msg === "listening") return new URL(String(url));
  }
  throw new Error("the bot has ended");
}

/** A connection, and all that comes on it until it is closed. */
function open({ hostname, port }: URL, text: string | Buffer = "") {
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  let answer = "";
  socket.on("data", (chunk: Buffer) => (answer += chunk.toString("utf8")));
  socket.on("error", () => {});
  return {
    sent: new Promise<void>((resolve) => socket.write(text, () => resolve())),
    closed: new Promise<string>((resolve) => socket.on("close", () => resolve(answer))),
  };
}

test("what is set for connections holds in the bot", async () => {
  const url = await start({
    KEEP_ALIVE_SECONDS: "7",
    MAX_CONNECTIONS: "10",
    MAX_UNVERIFIED_MB: "32",
  });

  const greeting = await fetch(url);
  expect(greeting.status).toBe(200);
  expect(greeting.headers.get("keep-alive")).toBe("timeout=7");
  expect(await greeting.text()).toMatch(/^copilot-task-bot is running\./u);

  // Two bodies of 20 MB that don't end: the older one makes room.
  const length = 25 * 1024 * 1024;
  const head = [
    "POST /api/github/webhooks HTTP/1.1",
    "host: bot",
    "content-type: application/json",
    "x-github-event: issues",
    "x-github-delivery: 1",
    `x-hub-signature-256: sha256=${"0".repeat(64)}`,
    `content-length: ${length}`,
  ].join("\r\n");
  const body = Buffer.alloc(20 * 1024 * 1024, "a");
  const older = open(url, Buffer.concat([Buffer.from(`${head}\r\n\r\n`), body]));
  await older.sent;
  open(url, Buffer.concat([Buffer.from(`${head}\r\n\r\n`), body]));
  // Where its last bytes were still on their way, the answer may be lost.
  expect(await older.closed).toMatch(/^(?:$|HTTP\/1\.1 503 )/u);

  // Of eleven connections that do nothing, the oldest one goes.
  const [oldest] = Array.from({ length: 11 }, () => open(url));
  expect(await oldest?.closed).toBe("");
});
