import { existsSync, readFileSync } from "node:fs";
import { run } from "probot";
import { z } from "zod";
import { proxyVariables } from "../src/config/proxy.ts";
import { createLog } from "../src/app/logging.ts";
import { useProxy } from "../src/app/proxy.ts";
import { checked, program } from "./lib/program.ts";

/** There is something in the way; EX_DATAERR of sysexits.h. */
const EX_DATAERR = 65;

const address = z
  .string()
  .regex(/^https:\/\/[^/]/u, "Use an address like https://bot.example.com.")
  .transform((url) => url.replace(/\/$/u, ""));

const [url] = program(
  "script/register",
  "Registers a GitHub App with the permissions and events of app.yml: opens a page on http://127.0.0.1:3000, and writes APP_ID, PRIVATE_KEY, and WEBHOOK_SECRET to .env.",
)
  .argument(
    "<address>",
    "where GitHub will reach the bot, like https://bot.example.com",
    checked(address),
  )
  .addHelpText(
    "after",
    "\nTo register the App for an organization, set GH_ORG to the organization's name.\n\nExit codes: 64 wrong option or argument, 65 .env already has an App.",
  )
  .parse().processedArgs;

if (existsSync(".env") && /^APP_ID=./mu.test(readFileSync(".env", "utf8"))) {
  console.error(".env already has an APP_ID. To register another App, move .env away.");
  process.exit(EX_DATAERR);
}
// What is written to .env is for this account alone.
process.umask(0o077);
process.env["NO_SMEE_SETUP"] = "true";
process.env["WEBHOOK_PROXY_URL"] = `${url}/api/github/webhooks`;
for (const name of ["APP_ID", "PRIVATE_KEY", "PRIVATE_KEY_PATH"]) delete process.env[name];

// GitHub gives the App's secrets in answer to a request of this process.
useProxy(proxyVariables(process.env), createLog("info"));

// Without credentials Probot serves its registration page, and nothing else. It shows secrets, so it is
// for this machine alone, whatever .env says of the bot's own address.
await run(() => {}, { env: { ...process.env, HOST: "127.0.0.1", PORT: "3000" } });
