import { randomBytes } from "node:crypto";
import { inspect } from "node:util";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hasUnusedClient } from "../../src/config/connecting.ts";
import { copilotTokens } from "../../src/config/copilot-tokens.ts";
import { readEnvironment, WrongEnvironment } from "../../src/config/environment.ts";
import { REQUIRED } from "./required.ts";

const KEY = randomBytes(32).toString("base64");
const OTHER_KEY = randomBytes(32).toString("base64");
const FOUR = {
  GITHUB_CLIENT_ID: "Iv23liAbCdEfGhIjKlMn",
  GITHUB_CLIENT_SECRET: "s3cret-of-the-app",
  PUBLIC_URL: "https://bot.example.com",
  ENCRYPTION_KEYS: KEY,
};
const OAUTH_APP = {
  OAUTH_APP_CLIENT_ID: "0123456789abcdef0123",
  OAUTH_APP_CLIENT_SECRET: "s3cret-of-the-other",
};

type Variables = Readonly<Record<string, string | undefined>>;

/** What is read of the settings with which people connect. */
function connectingOf(variables: Variables) {
  const { connecting } = readEnvironment({ ...REQUIRED, ...FOUR, ...variables });
  if (connecting === null) return null;
  const keys = connecting.keys.map((key) => key.export().toString("base64"));
  return { ...connecting, keys };
}

function problemsOf(variables: Variables): string[] {
  try {
    readEnvironment({ ...REQUIRED, ...variables });
    return [];
  } catch (error) {
    if (!(error instanceof WrongEnvironment)) throw error;
    return error.message
      .split("\n")
      .slice(1, -1)
      .map((line) => line.trim().replace(/\.$/u, ""));
  }
}

test("all four are enough, and the rest have defaults", () => {
  expect(connectingOf({})).toEqual({
    clientId: "Iv23liAbCdEfGhIjKlMn",
    clientSecret: "s3cret-of-the-app",
    publicUrl: "https://bot.example.com",
    keys: [KEY],
    oauthApp: null,
    waitHours: 72,
  });
});

test("with all four, the bot needs no token of its own, and otherwise it does", () => {
  const { COPILOT_GITHUB_TOKEN: _token, ...others } = REQUIRED;
  const environment = readEnvironment({ ...others, ...FOUR });
  expect(environment.COPILOT_GITHUB_TOKEN).toBeUndefined();
  expect(copilotTokens(environment)).toEqual({});
  expect(problemsOf({ COPILOT_GITHUB_TOKEN: "" })).toEqual([
    "COPILOT_GITHUB_TOKEN is not set, and neither is what people need to connect their own Copilot: GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET, PUBLIC_URL, and ENCRYPTION_KEYS. Run script/register, which sets these four, or set COPILOT_GITHUB_TOKEN to a token of one account for everybody: github_pat_…, gho_…, or ghu_…",
  ]);
  expect(problemsOf({ ...FOUR, COPILOT_GITHUB_TOKEN: "ghs_abc" })).toHaveLength(1);
});

test("an OAuth App has its own client and scopes", () => {
  expect(connectingOf(OAUTH_APP)?.oauthApp).toEqual({
    clientId: "0123456789abcdef0123",
    clientSecret: "s3cret-of-the-other",
    scopes: [],
  });
  const scopes = { ...OAUTH_APP, OAUTH_APP_SCOPES: "repo, read:org" };
  expect(connectingOf(scopes)?.oauthApp?.scopes).toEqual(["repo", "read:org"]);
});

describe("a value is taken", () => {
  test.each([
    ["PUBLIC_URL", "https://Bot.example.com/", { publicUrl: "https://bot.example.com" }],
    ["PUBLIC_URL", "https://bot.example.com:8443", { publicUrl: "https://bot.example.com:8443" }],
    ["PUBLIC_URL", "http://localhost:3000", { publicUrl: "http://localhost:3000" }],
    ["PUBLIC_URL", "http://127.0.0.1:3000", { publicUrl: "http://127.0.0.1:3000" }],
    ["PUBLIC_URL", "http://[::1]:3000", { publicUrl: "http://[::1]:3000" }],
    ["ENCRYPTION_KEYS", `${KEY},${OTHER_KEY}`, { keys: [KEY, OTHER_KEY] }],
    ["ENCRYPTION_KEYS", ` ${KEY}\n${OTHER_KEY}, ${KEY} `, { keys: [KEY, OTHER_KEY] }],
    ["CONNECT_WAIT_HOURS", "1", { waitHours: 1 }],
    ["CONNECT_WAIT_HOURS", "720", { waitHours: 720 }],
    ["OAUTH_APP_SCOPES", " ", { oauthApp: null }],
  ])("%s=%j", (variable, value, taken) => {
    expect(connectingOf({ [variable]: value })).toMatchObject(taken);
  });
});

const NO_URL =
  "PUBLIC_URL must be where browsers reach the bot, like https://bot.example.com, without a path. http:// is allowed only for this machine, like http://localhost:3000";
const NO_KEYS =
  "ENCRYPTION_KEYS must be one or more keys, separated by commas, each the base64 of 32 bytes; `openssl rand -base64 32` generates one";
const NO_HOURS = "CONNECT_WAIT_HOURS must be a whole number from 1 to 720";

describe("a value is refused, with a sentence that says how to fix it", () => {
  test.each([
    ["PUBLIC_URL", "bot.example.com", NO_URL],
    ["PUBLIC_URL", "http://bot.example.com", NO_URL],
    ["PUBLIC_URL", "http://127.0.0.1.example.com", NO_URL],
    ["PUBLIC_URL", "http://localhost.example.com", NO_URL],
    ["PUBLIC_URL", "https://bot.example.com/bot", NO_URL],
    ["PUBLIC_URL", "https://me@bot.example.com", NO_URL],
    ["PUBLIC_URL", "https://bot.example.com?a", NO_URL],
    ["PUBLIC_URL", "ftp://bot.example.com", NO_URL],
    ["ENCRYPTION_KEYS", "s3cret", NO_KEYS],
    ["ENCRYPTION_KEYS", ",", NO_KEYS],
    ["ENCRYPTION_KEYS", randomBytes(31).toString("base64"), NO_KEYS],
    ["ENCRYPTION_KEYS", randomBytes(33).toString("base64"), NO_KEYS],
    ["ENCRYPTION_KEYS", randomBytes(32).toString("hex"), NO_KEYS],
    ["ENCRYPTION_KEYS", `${KEY},${KEY.slice(1)}`, NO_KEYS],
    ["ENCRYPTION_KEYS", `${KEY}${OTHER_KEY}`, NO_KEYS],
    [
      "GITHUB_CLIENT_ID",
      "123456",
      "GITHUB_CLIENT_ID must be the App's client ID, like Iv23liAbCdEfGhIjKlMn, not its number",
    ],
    [
      "GITHUB_CLIENT_ID",
      "Iv23 x",
      "GITHUB_CLIENT_ID must be a client ID, like Iv23liAbCdEfGhIjKlMn",
    ],
    ["CONNECT_WAIT_HOURS", "0", NO_HOURS],
    ["CONNECT_WAIT_HOURS", "721", NO_HOURS],
    ["CONNECT_WAIT_HOURS", "1.5", NO_HOURS],
    ["CONNECT_WAIT_HOURS", "a day", NO_HOURS],
  ])("%s=%j", (variable, value, problem) => {
    expect(problemsOf({ ...FOUR, [variable]: value })).toEqual([problem]);
  });

  test("scopes that aren't names", () => {
    expect(problemsOf({ ...FOUR, ...OAUTH_APP, OAUTH_APP_SCOPES: "repo&x" })).toEqual([
      "OAUTH_APP_SCOPES must be names of scopes, separated by commas, like repo",
    ]);
  });
});

const ALL_FOUR = "GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET, PUBLIC_URL, and ENCRYPTION_KEYS";

describe("some of the variables without the others", () => {
  test.each([
    [
      { GITHUB_CLIENT_ID: FOUR.GITHUB_CLIENT_ID },
      `GITHUB_CLIENT_SECRET, PUBLIC_URL, and ENCRYPTION_KEYS are not set, but GITHUB_CLIENT_ID is. People can connect their Copilot only with all of ${ALL_FOUR}. For ENCRYPTION_KEYS, \`openssl rand -base64 32\` generates a key`,
    ],
    [
      { ...FOUR, PUBLIC_URL: " " },
      `PUBLIC_URL is not set, but GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET, and ENCRYPTION_KEYS are. People can connect their Copilot only with all of ${ALL_FOUR}`,
    ],
    [
      OAUTH_APP,
      `${ALL_FOUR} are not set, but OAUTH_APP_CLIENT_ID and OAUTH_APP_CLIENT_SECRET are. People can connect their Copilot only with all of ${ALL_FOUR}. For ENCRYPTION_KEYS, \`openssl rand -base64 32\` generates a key`,
    ],
    [
      { ...FOUR, OAUTH_APP_CLIENT_ID: OAUTH_APP.OAUTH_APP_CLIENT_ID },
      "OAUTH_APP_CLIENT_SECRET is not set, but OAUTH_APP_CLIENT_ID is. Set both OAUTH_APP_CLIENT_ID and OAUTH_APP_CLIENT_SECRET, or none of them",
    ],
    [
      { ...FOUR, OAUTH_APP_SCOPES: "repo" },
      "OAUTH_APP_CLIENT_ID and OAUTH_APP_CLIENT_SECRET are not set, but OAUTH_APP_SCOPES is. Set both OAUTH_APP_CLIENT_ID and OAUTH_APP_CLIENT_SECRET, or none of them",
    ],
  ])("%j", (variables, problem) => {
    expect(problemsOf(variables)).toEqual([problem]);
    // Whether there's a token of the bot's own makes no difference.
    expect(problemsOf({ ...variables, COPILOT_GITHUB_TOKEN: "" })).toEqual([problem]);
  });

  test("the App's client alone is what an earlier registration left: the bot's account is used, as before", () => {
    const { PUBLIC_URL: _url, ENCRYPTION_KEYS: _keys, ...client } = FOUR;
    const left = { ...REQUIRED, ...client, CONNECT_WAIT_HOURS: "72", PUBLIC_URL: " " };
    expect(readEnvironment(left).connecting).toBeNull();
    expect(hasUnusedClient(left)).toBe(true);
    for (const more of [
      { COPILOT_GITHUB_TOKEN: "" },
      { PUBLIC_URL: FOUR.PUBLIC_URL },
      { ENCRYPTION_KEYS: KEY },
      { GITHUB_CLIENT_SECRET: "" },
      { OAUTH_APP_SCOPES: "repo" },
    ]) {
      expect(hasUnusedClient({ ...left, ...more })).toBe(false);
      expect(problemsOf({ ...left, ...more }).join()).toContain("People can connect");
    }
    expect(hasUnusedClient({ ...REQUIRED, ...FOUR })).toBe(false);
    expect(hasUnusedClient(REQUIRED)).toBe(false);
  });

  test("how long to wait alone is no problem: .env.example sets it", () => {
    expect(problemsOf({ CONNECT_WAIT_HOURS: "72" })).toEqual([]);
    expect(readEnvironment({ ...REQUIRED, CONNECT_WAIT_HOURS: "72" }).connecting).toBeNull();
  });
});

test("no value is repeated, whatever it is", () => {
  const names = [...Object.keys(FOUR), ...Object.keys(OAUTH_APP), "OAUTH_APP_SCOPES"];
  const mark = "k3pt-s3cr3t";
  const value = fc
    .tuple(fc.constantFrom("", "https://", "http://u:", `${KEY},`, "1"), fc.string())
    .map(([prefix, text]) => `${prefix}${mark} ${text}`);
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), value, { minKeys: 1 }), (variables) => {
      const problems = problemsOf({ ...variables, APP_ID: "" });
      expect(problems.join("\n")).not.toContain(mark);
      expect(problems.join("\n")).not.toContain(KEY);
    }),
  );
});

test("the keys show in nothing that's printed", () => {
  const { connecting } = readEnvironment({ ...REQUIRED, ...FOUR });
  const bytes = Buffer.from(KEY, "base64");
  const printed = [JSON.stringify(connecting), inspect(connecting, { depth: 9, showHidden: true })];
  for (const form of ["base64", "base64url", "hex"] as const) {
    expect(printed.join("\n")).not.toContain(bytes.toString(form));
  }
});
