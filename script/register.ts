import { randomBytes } from "node:crypto";
import { chmodSync, copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseEnv } from "node:util";
import { run } from "probot";
import { z } from "zod";
import { isPublicOrigin } from "../src/config/connecting.ts";
import { proxyVariables } from "../src/config/proxy.ts";
import { gatherVariables } from "../src/config/secret-files.ts";
import { createLog } from "../src/app/logging.ts";
import { useProxy } from "../src/app/proxy.ts";
import { checked, program } from "./lib/program.ts";
import { manifestFor, takenNames, withSettings } from "./lib/registration.ts";
import { wholeNumber } from "./lib/values.ts";

/** There is something in the way; EX_DATAERR of sysexits.h. */
const EX_DATAERR = 65;
/** The command line can't be used as it is. */
const EX_USAGE = 64;

const withoutSlash = (url: string) => url.replace(/\/$/u, "");
const address = z
  .string()
  .regex(/^https:\/\/[^/]/u, "Use an address like https://bot.example.com.")
  .transform(withoutSlash);
/** As a shell has it for Ctrl-C. */
const EXIT_ENDED = 130;

const PUBLIC_URL = "Use an address without a path, like https://bot.example.com.";
const publicOrigin = z.string().refine(isPublicOrigin, PUBLIC_URL).transform(withoutSlash);

const command = program(
  "script/register",
  "Registers a GitHub App with the permissions and events of app.yml: opens a page on http://127.0.0.1:3000, and writes APP_ID, PRIVATE_KEY, WEBHOOK_SECRET, GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET, PUBLIC_URL, and a new ENCRYPTION_KEYS to .env. What .env has already stays.",
)
  .argument(
    "<address>",
    "where GitHub will reach the bot, like https://bot.example.com",
    checked(address),
  )
  .option(
    "--public-url <address>",
    "where people's browsers will reach the bot to connect their Copilot; by default PUBLIC_URL, or the same as GitHub",
    checked(publicOrigin),
  )
  .option("--port <number>", "of the page", checked(wholeNumber(1, 65_535)), 3_000)
  .addHelpText(
    "after",
    "\nTo register the App for an organization, set GH_ORG to the organization's name.\n\nExit codes: 64 wrong option or argument, 65 .env already has an App or another public address.",
  )
  .parse();
const [webhooks] = command.processedArgs;
const options = command.opts();

const ROOT = new URL("../", import.meta.url);
const file = resolve(".env");

function textOfFile(): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

function refuse(sentence: string, code: number): never {
  console.error(sentence);
  process.exit(code);
}

const set = parseEnv(textOfFile());
const taken = takenNames(set);
if (taken.length > 0) {
  const names = taken.join(", ");
  refuse(`.env already has ${names}. To register another App, move .env away.`, EX_DATAERR);
}
// As for the other scripts: the environment takes precedence over .env.
if (existsSync(file)) process.loadEnvFile(file);
const named = process.env["PUBLIC_URL"]?.trim() ?? "";
const origin = publicOrigin.safeParse(options.publicUrl ?? (named === "" ? webhooks : named));
if (!origin.success) {
  refuse(
    `script/register: --public-url or PUBLIC_URL is missing or wrong. ${PUBLIC_URL}`,
    EX_USAGE,
  );
}
const publicUrl = origin.data;
const before = set["PUBLIC_URL"]?.trim() ?? "";
if (before !== "" && withoutSlash(before) !== publicUrl) {
  refuse(`.env already has another PUBLIC_URL. Change it there, or use it here.`, EX_DATAERR);
}

/** Probot hands over what GitHub's answer has. */
function writeSettings(given: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const lines = Object.entries(given).map(([name, value = ""]) => [
    name,
    value.replaceAll("\n", String.raw`\n`),
  ]);
  // Without a client ID, people can't connect.
  const ours =
    given["GITHUB_CLIENT_ID"] === undefined
      ? {}
      : { PUBLIC_URL: publicUrl, ENCRYPTION_KEYS: randomBytes(32).toString("base64") };
  const more = { ...Object.fromEntries(lines), ...ours };
  const text = textOfFile();
  if (existsSync(file)) chmodSync(file, 0o600);
  writeFileSync(file, withSettings(text, parseEnv(text), more), { mode: 0o600 });
  console.error(`Wrote the settings of the App to ${file}.`);
  return given;
}

// What is written is for this account alone.
process.umask(0o077);
process.env["NO_SMEE_SETUP"] = "true";
for (const name of ["APP_ID", "PRIVATE_KEY", "PRIVATE_KEY_PATH", "WEBHOOK_PROXY_URL"]) {
  delete process.env[name];
}

// GitHub gives the App's secrets in answer to a request of this process.
useProxy(proxyVariables(gatherVariables(process.env).variables), createLog("info"));

// Probot reads the manifest from app.yml in the current directory.
const directory = mkdtempSync(join(tmpdir(), "copilot-task-bot-register-"));
process.on("exit", () => rmSync(directory, { recursive: true, force: true }));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(EXIT_ENDED));
writeFileSync(
  join(directory, "app.yml"),
  manifestFor(readFileSync(new URL("app.yml", ROOT), "utf8"), { webhooks, publicUrl }),
);
copyFileSync(new URL("package.json", ROOT), join(directory, "package.json"));
process.chdir(directory);

// Without credentials Probot serves its registration page, and nothing else. It shows secrets, so it is
// for this machine alone, whatever .env says of the bot's own address. Where it is, it logs.
const place = { HOST: "127.0.0.1", PORT: String(options.port) };
const env = { ...process.env, ...place, LOG_LEVEL: "info" } as const;
await run(() => {}, { env, updateEnv: writeSettings });
