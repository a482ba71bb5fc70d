import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { createServer } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseEnv } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { temporaryDirectory } from "../store/opened.ts";

const SCRIPT = fileURLToPath(new URL("../../script/register.ts", import.meta.url));
const PROGRAM = ["--disable-warning=ExperimentalWarning", SCRIPT];
const { PATH, HOME, NODE_COMPILE_CACHE } = process.env;
const VARIABLES = { PATH, HOME, NODE_COMPILE_CACHE };

/** What GitHub gives for a registration's code: https://docs.github.com/rest/apps/apps#create-a-github-app-from-a-manifest. */
const APP = {
  id: 123_456,
  html_url: "https://github.com/apps/copilot-task-bot",
  client_id: "Iv23liAbCdEfGhIjKlMn",
  client_secret: "1726be1638095a19edd134c77bde3aa2ece1e5d8",
  webhook_secret: "e340154128314309424b7c8e90325147d99fdafa",
  pem: "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\n",
};

async function listening(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("no port");
  return address.port;
}

/** A GitHub that knows one registration. */
async function gitHub(): Promise<number> {
  const server = createServer((request, response) => {
    const isKnown = request.url === "/api/v3/app-manifests/c0de/conversions";
    response.writeHead(isKnown ? 201 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify(isKnown ? APP : { message: "Not Found" }));
  });
  onTestFinished(() => server[Symbol.asyncDispose]());
  return listening(server);
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  await server[Symbol.asyncDispose]();
  return port;
}

/** The registration page, once it's there. */
async function register(directory: string, ...args: string[]): Promise<string> {
  const port = await freePort();
  const env = { ...VARIABLES, GHE_HOST: `127.0.0.1:${await gitHub()}`, GHE_PROTOCOL: "http" };
  const all = [...PROGRAM, "https://bot.example.com", "--port", String(port), ...args];
  const child = spawn(process.execPath, all, { cwd: directory, env });
  const exited = once(child, "exit");
  onTestFinished(async () => {
    child.kill("SIGINT");
    await exited;
  });
  for await (const line of createInterface(child.stdout)) {
    if (line.includes("Listening on")) break;
  }
  return `http://127.0.0.1:${port}`;
}

function manifestOn(page: string): unknown {
  const [, value = ""] = /name="manifest"[^>]*value='([^']*)'/u.exec(page) ?? [];
  return JSON.parse(value.replaceAll("&quot;", '"'));
}

test("an App is registered with its callback URL, and .env gets what people need to connect", async () => {
  const directory = temporaryDirectory();
  const file = join(directory, ".env");
  writeFileSync(file, "# Ours\nLOG_LEVEL=warn\nPUBLIC_URL=https://people.example.com/\n", {
    mode: 0o644,
  });
  const address = await register(directory);
  const page = await (await fetch(`${address}/probot`)).text();
  expect(manifestOn(page)).toMatchObject({
    hook_attributes: { url: "https://bot.example.com/api/github/webhooks" },
    callback_urls: ["https://people.example.com/oauth/callback"],
    setup_url: "https://people.example.com/setup",
    setup_on_update: true,
    request_oauth_on_install: false,
    public: false,
    redirect_url: `${address}/probot/setup`,
    default_permissions: { issues: "write" },
  });

  const back = await fetch(`${address}/probot/setup?code=c0de`, { redirect: "manual" });
  expect([back.status, back.headers.get("location")]).toEqual([
    302,
    `${APP.html_url}/installations/new`,
  ]);
  const text = readFileSync(file, "utf8");
  expect(text).toMatch(/^# Ours\nLOG_LEVEL=warn\nPUBLIC_URL=https:\/\/people.example.com\/\n/u);
  const { ENCRYPTION_KEYS = "", ...rest } = parseEnv(text);
  expect(rest).toEqual({
    LOG_LEVEL: "warn",
    PUBLIC_URL: "https://people.example.com/",
    APP_ID: "123456",
    PRIVATE_KEY: APP.pem,
    WEBHOOK_SECRET: APP.webhook_secret,
    GITHUB_CLIENT_ID: APP.client_id,
    GITHUB_CLIENT_SECRET: APP.client_secret,
  });
  expect(Buffer.from(ENCRYPTION_KEYS, "base64")).toHaveLength(32);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test.each([
  ["APP_ID=1\nGITHUB_CLIENT_ID=Iv1\n", [], 65, /^\.env already has APP_ID, GITHUB_CLIENT_ID\. /u],
  [
    "PUBLIC_URL=https://one.example.com\n",
    ["--public-url", "https://two.example.com"],
    65,
    /^\.env already has another PUBLIC_URL\. /u,
  ],
  ["", ["--public-url", "http://bot.example.com"], 64, /--public-url .*without a path/u],
  ["PUBLIC_URL=bot.example.com\n", [], 64, /PUBLIC_URL is missing or wrong/u],
] as const)("what's in the way is named, and .env stays: %j %j", (text, args, status, said) => {
  const directory = temporaryDirectory();
  const file = join(directory, ".env");
  if (text !== "") writeFileSync(file, text);
  const result = spawnSync(process.execPath, [...PROGRAM, "https://bot.example.com", ...args], {
    cwd: directory,
    env: VARIABLES,
    encoding: "utf8",
  });
  expect(result).toMatchObject({ status, stdout: "", stderr: expect.stringMatching(said) });
  expect(existsSync(file) ? readFileSync(file, "utf8") : "").toBe(text);
});
