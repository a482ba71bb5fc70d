import type { KeyObject } from "node:crypto";
import { encryptionKeys } from "./encryption-keys.ts";
import { isSet } from "./renamed.ts";

/** With what people connect their Copilot. */
export interface Connecting {
  /** Of the GitHub App. */
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where people's browsers reach the bot: an origin, e.g. `https://bot.example.com`. */
  readonly publicUrl: string;
  /** The first one encrypts; all of them decrypt. At least one. */
  readonly keys: readonly KeyObject[];
  /** The OAuth App whose tokens are used instead of the GitHub App's; null where there's none. */
  readonly oauthApp: OAuthAppSettings | null;
  /** How long a task waits for its requester to connect. */
  readonly waitHours: number;
}

/** An OAuth App that the administrator names. */
export interface OAuthAppSettings {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: readonly string[];
}

/** What the settings say about connecting: complete, not wanted, or wrong, with a sentence for each problem. */
export type ConnectingSettings =
  | { readonly type: "connecting"; readonly connecting: Connecting }
  | { readonly type: "none" }
  | { readonly type: "problems"; readonly problems: readonly string[] };

type Variables = Readonly<Record<string, string | undefined>>;

/** People can connect with all of these; with none of them, the bot has an account of its own. */
const CLIENT = ["GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET"];
const NEEDED = [...CLIENT, "PUBLIC_URL", "ENCRYPTION_KEYS"];
const OAUTH_APP = ["OAUTH_APP_CLIENT_ID", "OAUTH_APP_CLIENT_SECRET"];
const OAUTH_APP_ALL = [...OAUTH_APP, "OAUTH_APP_SCOPES"];

/** The names of all settings that are read here. */
export const CONNECTING_VARIABLES = [...NEEDED, ...OAUTH_APP_ALL, "CONNECT_WAIT_HOURS"];

const WAIT_HOURS = { least: 1, most: 720, usual: 72 };

/**
 * Whether the App's client is all that's set: `script/register` wrote it to `.env` before people could connect, and
 * sessions use the bot's own account.
 */
export function hasUnusedClient(variables: Variables): boolean {
  const set = [...NEEDED, ...OAUTH_APP_ALL].filter((name) => isSet(variables[name]));
  return set.join() === CLIENT.join() && isSet(variables["COPILOT_GITHUB_TOKEN"]);
}

/** Reads the settings with which people connect their Copilot. Problems never repeat a value. */
export function readConnecting(given: Variables): ConnectingSettings {
  const unused = Object.fromEntries(CLIENT.map((name) => [name, undefined]));
  const variables = hasUnusedClient(given) ? { ...given, ...unused } : given;
  const value = (name: string) => variables[name]?.trim() ?? "";
  const set = (names: readonly string[]) => names.filter((name) => isSet(variables[name]));
  const problems = [...groupProblems(set), ...valueProblems(value, set)];
  const keys = encryptionKeys(value("ENCRYPTION_KEYS"));
  if (set(["ENCRYPTION_KEYS"]).length > 0 && keys.type === "problem") {
    problems.push(`ENCRYPTION_KEYS ${keys.problem}`);
  }
  if (problems.length > 0) return { type: "problems", problems };
  if (set(NEEDED).length === 0 || keys.type === "problem") return { type: "none" };
  const oauthApp: OAuthAppSettings = {
    clientId: value("OAUTH_APP_CLIENT_ID"),
    clientSecret: value("OAUTH_APP_CLIENT_SECRET"),
    scopes: listed(value("OAUTH_APP_SCOPES")),
  };
  const connecting: Connecting = {
    clientId: value("GITHUB_CLIENT_ID"),
    clientSecret: value("GITHUB_CLIENT_SECRET"),
    publicUrl: new URL(value("PUBLIC_URL")).origin,
    keys: keys.keys,
    oauthApp: set(OAUTH_APP).length === 0 ? null : oauthApp,
    waitHours: Number(value("CONNECT_WAIT_HOURS") || WAIT_HOURS.usual),
  };
  return { type: "connecting", connecting };
}

/** Some of the variables that belong together, without the others. */
function groupProblems(set: (names: readonly string[]) => readonly string[]): string[] {
  const problems: string[] = [];
  const missing = NEEDED.filter((name) => set([name]).length === 0);
  const some = [...set(NEEDED), ...set(OAUTH_APP_ALL)];
  if (missing.length > 0 && some.length > 0) {
    const key = missing.includes("ENCRYPTION_KEYS")
      ? ". For ENCRYPTION_KEYS, `openssl rand -base64 32` generates a key"
      : "";
    problems.push(
      `${namesOf(missing)} ${areNot(missing)} set, but ${namesOf(some)} ${some.length === 1 ? "is" : "are"}. People can connect their Copilot only with all of ${namesOf(NEEDED)}${key}`,
    );
  }
  const missingHere = OAUTH_APP.filter((name) => set([name]).length === 0);
  const someHere = set(OAUTH_APP_ALL);
  if (missingHere.length > 0 && someHere.length > 0) {
    problems.push(
      `${namesOf(missingHere)} ${areNot(missingHere)} set, but ${namesOf(someHere)} ${someHere.length === 1 ? "is" : "are"}. Set both ${namesOf(OAUTH_APP)}, or none of them`,
    );
  }
  return problems;
}

function valueProblems(
  value: (name: string) => string,
  set: (names: readonly string[]) => readonly string[],
): string[] {
  const problems: string[] = [];
  for (const name of set(["GITHUB_CLIENT_ID", "OAUTH_APP_CLIENT_ID"])) {
    if (/^\d{1,15}$/u.test(value(name))) {
      problems.push(
        `${name} must be the App's client ID, like Iv23liAbCdEfGhIjKlMn, not its number`,
      );
    } else if (!/^[\w.-]+$/u.test(value(name))) {
      problems.push(`${name} must be a client ID, like Iv23liAbCdEfGhIjKlMn`);
    }
  }
  if (set(["PUBLIC_URL"]).length > 0 && !isPublicOrigin(value("PUBLIC_URL"))) {
    problems.push(
      "PUBLIC_URL must be where browsers reach the bot, like https://bot.example.com, without a path. http:// is allowed only for this machine, like http://localhost:3000",
    );
  }
  if (!listed(value("OAUTH_APP_SCOPES")).every((scope) => /^[\w:]+$/u.test(scope))) {
    problems.push("OAUTH_APP_SCOPES must be names of scopes, separated by commas, like repo");
  }
  const { least, most } = WAIT_HOURS;
  const hours = value("CONNECT_WAIT_HOURS");
  if (
    hours !== "" &&
    !(/^\d{1,3}$/u.test(hours) && Number(hours) >= least && Number(hours) <= most)
  ) {
    problems.push(`CONNECT_WAIT_HOURS must be a whole number from ${least} to ${most}`);
  }
  return problems;
}

/** Whether this can be `PUBLIC_URL`. GitHub sends people's codes there: over the network only encrypted. */
export function isPublicOrigin(value: string): boolean {
  const url = URL.parse(value);
  if (url === null || !/^https?:\/\/[^/?#@]+\/?$/iu.test(value)) return false;
  const isThisMachine = /^(?:localhost|[\w.-]+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/u.test(
    url.hostname,
  );
  return url.protocol === "https:" || (url.protocol === "http:" && isThisMachine);
}

function listed(value: string): readonly string[] {
  return value.split(/[\s,]+/u).filter((one) => one !== "");
}

function namesOf(names: readonly string[]): string {
  if (names.length < 3) return names.join(" and ");
  return `${names.slice(0, -1).join(", ")}, and ${names.at(-1)}`;
}

function areNot(names: readonly string[]): string {
  return names.length === 1 ? "is not" : "are not";
}
