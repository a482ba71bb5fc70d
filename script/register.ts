import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import { isPublicOrigin } from "../src/config/connecting.ts";
import { proxyUrlProblem, proxyVariables } from "../src/config/proxy.ts";
import { gatherVariables } from "../src/config/secret-files.ts";
import { useProxy } from "../src/app/proxy.ts";
import { messageOf, read } from "../src/core/error/thrown.ts";
import type { GitHubHosts } from "../src/core/github/hosts.ts";
import { hostsOf, problemOfHost } from "../src/core/github/hosts.ts";
import { checked, program } from "./lib/program.ts";
import type { ConvertedApp } from "./lib/registration/conversion.ts";
import { problemOfReaching } from "./lib/registration/conversion.ts";
import { withSelfHosting } from "./lib/registration/manifest.ts";
import { nextSteps } from "./lib/registration/next-steps.ts";
import type { Registration } from "./lib/registration/server.ts";
import { serveRegistration } from "./lib/registration/server.ts";
import { problemOfFile, saveCredentials, textOf } from "./lib/registration/settings-file.ts";
import { settingsOf, takenNames, variablesIn } from "./lib/registration/settings.ts";
import { invitationLines, outcomeLines } from "./lib/registration/terminal.ts";
import { wholeNumber } from "./lib/values.ts";

// As in sysexits.h.
const EX_USAGE = 64;
const EX_DATAERR = 65;
const EX_UNAVAILABLE = 69;
const EX_CANTCREAT = 73;
/** As a shell has it for Ctrl-C. */
const EXIT_STOPPED = 130;

const HTTPS_ADDRESS = "Use an address like https://bot.example.com.";
const PUBLIC_URL = "Use an address without a path, like https://bot.example.com.";

/** What an App that's there needs. */
const OWN_MACHINES =
  "To let this App push what agents commit on your own machines, set Contents to Read and write under “Permissions & events” in its settings; then an owner of each account that installed it accepts that.";

const withoutSlash = (url: string) => url.replace(/\/+$/u, "");
const address = z
  .string()
  .regex(/^https:\/\/[^/?#@\s][^?#@\s]*$/u, HTTPS_ADDRESS)
  .refine((url) => URL.canParse(url), HTTPS_ADDRESS)
  .transform(withoutSlash);
const publicOrigin = z.string().refine(isPublicOrigin, PUBLIC_URL).transform(withoutSlash);
const ORGANIZATION = "Use an organization's name as in its address, like octo-org.";
const organizationName = z.string().regex(/^[\w-]+$/u, ORGANIZATION);

const command = program(
  "script/register",
  "Registers a GitHub App with the permissions and events of app.yml. It serves a page on this machine that says what will be registered, leads to GitHub, and shows what's left to do; then it ends. It writes APP_ID, PRIVATE_KEY_PATH, WEBHOOK_SECRET, GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET, PUBLIC_URL, and a new ENCRYPTION_KEYS to .env, and the key to private-key.pem. What .env has already stays.",
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
  .option(
    "--organization <name>",
    "the organization that will own the App; by default GH_ORG, or the account that you're signed in to GitHub with",
    checked(organizationName),
  )
  .option(
    "--self-hosted",
    "also ask for the permission to push what agents commit in sessions on your own machines (contents: write)",
    false,
  )
  .addHelpText(
    "after",
    "\nWith a GitHub Enterprise Server or on GHE.com, set GHE_HOST. Exit codes: 64 wrong option, argument, or setting; 65 .env already has an App or another public address; 69 the port is taken, or GitHub can't be reached; 73 .env can't be written; 130 stopped.",
  )
  .parse();
const [webhooks] = command.processedArgs;
const options = command.opts();
const file = resolve(".env");
const calledAs = command.name();

/** Another program, as this one was called. */
function siblingNamed(name: string): string {
  return calledAs.replace(/\w+$/u, name);
}

function refuse(sentence: string, code: number): never {
  console.error(sentence);
  process.exit(code);
}

// What is written is for this account alone.
process.umask(0o077);
const cantWrite = problemOfFile(file);
if (cantWrite !== null) {
  refuse(`.env can't be written: ${cantWrite}. Fix that, and run this again.`, EX_CANTCREAT);
}
const set = variablesIn(textOf(file));
const taken = takenNames(set);
if (taken.length > 0) {
  const names = taken.join(", ");
  const change = options.selfHosted ? ` ${OWN_MACHINES}` : "";
  refuse(
    `.env already has ${names}.${change} To register another App, move .env away.`,
    EX_DATAERR,
  );
}
// As for the other scripts: the environment takes precedence over .env.
if (existsSync(file)) process.loadEnvFile(file);
const { variables } = gatherVariables(process.env);
const valueOf = (name: string) => variables[name]?.trim() ?? "";

const named = valueOf("PUBLIC_URL");
const origin = publicOrigin.safeParse(options.publicUrl ?? (named === "" ? webhooks : named));
if (!origin.success) {
  refuse(`${calledAs}: --public-url or PUBLIC_URL is missing or wrong. ${PUBLIC_URL}`, EX_USAGE);
}
const publicUrl = origin.data;
const before = set["PUBLIC_URL"]?.trim() ?? "";
if (before !== "" && withoutSlash(before) !== publicUrl) {
  refuse(`.env already has another PUBLIC_URL. Change it there, or use it here.`, EX_DATAERR);
}

function owningOrganization(): string | null {
  const given = options.organization ?? valueOf("GH_ORG");
  if (given === "") return null;
  const { data } = organizationName.safeParse(given);
  return data ?? refuse(`${calledAs}: GH_ORG is wrong. ${ORGANIZATION}`, EX_USAGE);
}

/** Which GitHub it is, and what the bot has to know of that. */
function gitHub(): { readonly hosts: GitHubHosts; readonly settings: Record<string, string> } {
  const [host, protocol] = [valueOf("GHE_HOST").toLowerCase(), valueOf("GHE_PROTOCOL")];
  const GHE_PROTOCOL = protocol === "http" ? "http" : "https";
  if (host === "") return { hosts: hostsOf({ GHE_PROTOCOL }), settings: {} };
  const problem = /^[\w.-]+(?::\d+)?$/u.test(host)
    ? problemOfHost(host, GHE_PROTOCOL)
    : "must be a host name without https://, like ghe.example.com";
  if (problem !== null) refuse(`${calledAs}: GHE_HOST ${problem}.`, EX_USAGE);
  const settings = { GHE_HOST: host, ...(GHE_PROTOCOL === "http" && { GHE_PROTOCOL }) };
  return { hosts: hostsOf({ GHE_HOST: host, GHE_PROTOCOL }), settings };
}

function setProxy(): void {
  const proxies = proxyVariables(variables);
  for (const name of ["HTTPS_PROXY", "HTTP_PROXY"]) {
    const problem = proxies[name] === undefined ? null : proxyUrlProblem(proxies[name]);
    if (problem !== null) refuse(`${calledAs}: ${name} ${problem}.`, EX_USAGE);
  }
  useProxy(proxies, { info: () => {}, warn: (_fields, message) => console.error(message) });
}

async function main(): Promise<void> {
  const organization = owningOrganization();
  const { hosts, settings } = gitHub();
  setProxy();
  const addresses = { webhooks, publicUrl };
  const unreachable = await problemOfReaching(hosts.rest);
  if (unreachable !== null) {
    const cure = "Check the network from this machine to GitHub: firewall, DNS, HTTPS_PROXY.";
    refuse(`GitHub can't be reached at ${hosts.rest}: ${unreachable}. ${cure}`, EX_UNAVAILABLE);
  }
  const appYml = readFileSync(new URL("../app.yml", import.meta.url), "utf8");
  const programs = { server: siblingNamed("server"), doctor: siblingNamed("doctor") };
  const stepsAfter = (app: ConvertedApp) => nextSteps(app, addresses, programs, options.selfHosted);
  const registration = await serveRegistration({
    port: options.port,
    hosts,
    organization,
    addresses,
    appYml: options.selfHosted ? withSelfHosting(appYml) : appYml,
    save: (app) =>
      saveCredentials(file, {
        appId: app.id,
        pem: app.pem,
        settings: settingsOf(app, { publicUrl, gitHub: settings }),
      }),
    stepsAfter,
    onOutcome: (outcome) => print(outcomeLines(outcome, stepsAfter)),
  });
  const stopping = stopOnSignals(registration);
  print(invitationLines({ url: registration.url, organization, web: hosts.web }));
  const { saved } = await registration.ended;
  await registration.close();
  if (stopping()) process.exit(EXIT_STOPPED);
  process.exit(saved.type === "saved" ? 0 : EX_CANTCREAT);
}

/** Stops at once, unless GitHub may just be giving the credentials. Gives whether it's to stop. */
function stopOnSignals(registration: Registration): () => boolean {
  let isStopping = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (!registration.isBusy() || isStopping) process.exit(EXIT_STOPPED);
      isStopping = true;
      const wait = setInterval(() => {
        if (registration.isBusy()) return;
        clearInterval(wait);
        process.exit(EXIT_STOPPED);
      }, 50);
      console.log("GitHub is just giving the App's credentials. Press Ctrl-C again to lose them.");
    });
  }
  return () => isStopping;
}

function print(lines: readonly string[]): void {
  console.log(lines.join("\n"));
}

function problemOfListening(error: unknown): string | null {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  switch (read(Object(cause), "code")) {
    case "EADDRINUSE":
      return `Another process listens on port ${options.port}. Choose another port, like --port ${options.port + 1}.`;
    case "EACCES":
      return `This user can't listen on port ${options.port}. Use --port with 1024 or higher.`;
    default:
      return null;
  }
}

try {
  await main();
} catch (error) {
  const problem = problemOfListening(error);
  refuse(problem ?? `${calledAs} failed: ${messageOf(error)}`, EX_UNAVAILABLE);
}
