import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readEnvironment } from "../../src/config/environment.ts";
import { NO_KEY_TEXT, problemsOf } from "./problems.ts";
import { INSIDE, KEY, REQUIRED, TRACING } from "./required.ts";

const APP_ID =
  "APP_ID is not set. Run script/register first, which registers a GitHub App and sets what it needs, or set APP_ID to the “App ID” on the settings page of the App";
const KEYLESS =
  "PRIVATE_KEY is not set. Set it to the private key of the GitHub App, or PRIVATE_KEY_PATH to the path of the .pem file that you downloaded from GitHub";
const SECRETLESS =
  "WEBHOOK_SECRET is not set. Without a secret, anyone could send events to the bot. Set it to the “Webhook secret” of the GitHub App; `openssl rand -hex 32` generates one";
const TOKENLESS =
  "COPILOT_GITHUB_TOKEN is not set, and neither is what people need to connect their own Copilot: GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET, PUBLIC_URL, and ENCRYPTION_KEYS. Run script/register, which sets these four, or set COPILOT_GITHUB_TOKEN to a token of one account for everybody: github_pat_…, gho_…, or ghu_…";

test("the required variables are enough, and the rest have defaults", () => {
  expect(readEnvironment(REQUIRED)).toEqual({
    ...REQUIRED,
    APP_ID: 4_711,
    COPILOT_RUNTIME: "bundled",
    MAX_RUNTIMES: 8,
    RUNTIME_IDLE_MINUTES: 10,
    GITHUB_COPILOT_INTEGRATION_ID: "",
    GHE_PROTOCOL: "https",
    ADMINS: [],
    HOST: "0.0.0.0",
    PORT: 3_000,
    METRICS_HOST: "127.0.0.1",
    KEEP_ALIVE_SECONDS: 65,
    MAX_CONNECTIONS: 1_000,
    MAX_EVENT_STREAMS: 1_000,
    MAX_UNVERIFIED_MB: 64,
    NO_PROXY: "localhost,127.0.0.1,[::1]",
    DATA_DIR: "data",
    DATABASE_WAIT_SECONDS: 60,
    TASK_RETENTION_DAYS: 90,
    INSTALLATION_ERASE_DAYS: 30,
    LOG_LEVEL: "info",
    ...TRACING,
    SESSION_START_TIMEOUT_SECONDS: 60,
    MAX_CONCURRENT_STARTS: 4,
    CREATE_LABELS: "on",
    GITHUB_RETRY_HOURS: 24,
    FOLLOW_MINUTES: 60,
    IDLE_MINUTES: 10,
    MAX_FOLLOWED_SESSIONS: 50,
    MAX_CONCURRENT_STARTS_PER_REPOSITORY: 3,
    connecting: null,
    selfHosting: null,
  });
});

test("variables of other programs are ignored", () => {
  const others = { ...REQUIRED, PATH: "/bin", HOME: "/root", NODE_ENV: "test" };
  expect(readEnvironment(others)).toEqual(readEnvironment(REQUIRED));
});

describe("a variable that is set to nothing is not set", () => {
  test.each(["", " ", "\n"])("%j", (nothing) => {
    const optional = [
      ["GITHUB_COPILOT_INTEGRATION_ID", "COPILOT_MC_BASE_URL", "COPILOT_API_URL", "PORT"],
      ["COPILOT_DEBUG_GITHUB_API_URL", "GHE_HOST", "GHE_PROTOCOL", "HOST", "DATA_DIR"],
      ["LOG_LEVEL", "SESSION_START_TIMEOUT_SECONDS", "MAX_CONCURRENT_STARTS"],
      ["DATABASE_URL", "DATABASE_WAIT_SECONDS", "TASK_RETENTION_DAYS"],
      ["MAX_CONCURRENT_STARTS_PER_REPOSITORY", "PRIVATE_KEY_PATH", "MAX_UNVERIFIED_MB"],
      ["KEEP_ALIVE_SECONDS", "MAX_CONNECTIONS", "MAX_EVENT_STREAMS", "METRICS_HOST"],
    ].flat();
    const unset = Object.fromEntries(optional.map((name) => [name, nothing]));
    expect(readEnvironment({ ...REQUIRED, ...unset })).toEqual(readEnvironment(REQUIRED));
    const required = Object.fromEntries(Object.keys(REQUIRED).map((name) => [name, nothing]));
    expect(problemsOf(required)).toEqual(problemsOf({}));
  });
});

describe("a value is taken", () => {
  test.each([
    ["APP_ID", " 4711 ", 4_711],
    ["WEBHOOK_SECRET", " secret\n", "secret"],
    ["COPILOT_GITHUB_TOKEN", "gho_abc", "gho_abc"],
    ["COPILOT_GITHUB_TOKEN", " ghu_abc\n", "ghu_abc"],
    ["GITHUB_COPILOT_INTEGRATION_ID", "my-bot", "my-bot"],
    ["COPILOT_MC_BASE_URL", "http://127.0.0.1:4000/agents", "http://127.0.0.1:4000/agents"],
    ["COPILOT_MC_BASE_URL", "https://example.com/agents//", "https://example.com/agents"],
    ["COPILOT_API_URL", "https://api.example.com/", "https://api.example.com"],
    ["COPILOT_DEBUG_GITHUB_API_URL", "https://api.example.com", "https://api.example.com"],
    ["GHE_HOST", "ghe.example.com", "ghe.example.com"],
    ["GHE_HOST", "127.0.0.1:4000", "127.0.0.1:4000"],
    ["GHE_PROTOCOL", "http", "http"],
    ["HOST", "127.0.0.1", "127.0.0.1"],
    ["PORT", "0", 0],
    ["PORT", "65535", 65_535],
    ["METRICS_PORT", "9464", 9_464],
    ["KEEP_ALIVE_SECONDS", "3600", 3_600],
    ["MAX_CONNECTIONS", "10", 10],
    ["MAX_EVENT_STREAMS", "0", 0],
    ["MAX_UNVERIFIED_MB", "32", 32],
    ["DATA_DIR", "/var/lib/bot", "/var/lib/bot"],
    ["DATABASE_URL", "postgres://bot:pw@db:5432/bot", "postgres://bot:pw@db:5432/bot"],
    ["DATABASE_URL", "postgresql://db/bot", "postgresql://db/bot"],
    ["DATABASE_URL", "postgresql:///bot?host=/run/pg", "postgresql:///bot?host=/run/pg"],
    ["DATABASE_URL", "postgres://b:p%40ss%2Fx@db/bot", "postgres://b:p%40ss%2Fx@db/bot"],
    ["DATABASE_URL", "postgres://%2Frun%2Fpg/bot", "postgres://%2Frun%2Fpg/bot"],
    ["TASK_RETENTION_DAYS", "8", 8],
    ["INSTALLATION_ERASE_DAYS", "8", 8],
    ["LOG_LEVEL", "silent", "silent"],
    ["LOG_LEVEL", " INFO\r", "info"],
    ["SESSION_START_TIMEOUT_SECONDS", "60", 60],
    ["MAX_CONCURRENT_STARTS", "50", 50],
    ["MAX_CONCURRENT_STARTS_PER_REPOSITORY", "1", 1],
    ["CREATE_LABELS", "OFF", "off"],
    ["GITHUB_RETRY_HOURS", "1", 1],
    ["GITHUB_RETRY_HOURS", "168", 168],
    ["FOLLOW_MINUTES", "0", 0],
    ["IDLE_MINUTES", "1440", 1_440],
    ["MAX_FOLLOWED_SESSIONS", "500", 500],
  ])("%s=%j", (variable, value, taken) => {
    const environment = readEnvironment({ ...REQUIRED, [variable]: value });
    expect(environment).toEqual({ ...readEnvironment(REQUIRED), [variable]: taken });
  });
});

const NO_PROXY_URL =
  "must be the URL of an HTTP proxy, like http://proxy.example.com:3128, with special characters in the user and password percent-encoded (@ as %40, / as %2F, ? as %3F, # as %23)";
const UNESCAPED =
  "has unescaped special characters. In the user and the password, write @ as %40, / as %2F, ? as %3F, # as %23";
const INVALID_URL = "isn't a valid URL. Check that its host is right and that its port is a number";
const SEVERAL_HOSTS =
  "names several hosts. Name one, or a DNS name that points to the current primary";
const KEY_VALUE =
  "is in libpq's key=value form. Write it as a URL: postgres://USER:PASSWORD@HOST:PORT/DATABASE, or, for a socket, postgres:///DATABASE?host=/var/run/postgresql&user=USER";

describe("a value is refused, with a sentence that says how to fix it", () => {
  const web = "must be a URL that begins with http:// or https://";
  const host = "must be a host name without https://, like ghe.example.com";
  const level = "must be fatal, error, warn, info, debug, trace, or silent";
  const clientId = "is a client ID. Set it to the “App ID” on the same page, a number like 123456";
  const curly = 'is in curly quotation marks (“…”). Remove them, or use straight ones (")';
  const quoted = "is in quotation marks. Remove them";
  const classic =
    "is a classic personal access token (ghp_), which Copilot doesn't accept. Create a fine-grained one (github_pat_) with the permission “Copilot Requests”, or use an OAuth token (gho_, ghu_)";
  const installation =
    "is an installation token (ghs_), but Copilot sessions belong to a user. Use a user's github_pat_, gho_, or ghu_ token";

  test.each([
    ["APP_ID", "my-app", "must be the GitHub App's number, like 123456"],
    ["APP_ID", "4711.5", "must be the GitHub App's number, like 123456"],
    ["APP_ID", "-1", "must be the GitHub App's number, like 123456"],
    ["APP_ID", "1".repeat(16), "must be the GitHub App's number, like 123456"],
    ["APP_ID", "Iv23liAbCdEfGhIjKlMn", clientId],
    ["APP_ID", "Iv1.0123456789abcdef", clientId],
    ["WEBHOOK_SECRET", '"b2f8c1d94e6a7f30"', quoted],
    ["COPILOT_GITHUB_TOKEN", '"github_pat_11ABC"', quoted],
    ["COPILOT_GITHUB_TOKEN", "'github_pat_11ABC'", quoted],
    ["COPILOT_GITHUB_TOKEN", "ghp_abc", classic],
    ["COPILOT_GITHUB_TOKEN", " ghs_abc ", installation],
    ["COPILOT_GITHUB_TOKEN", "abc", "must begin with github_pat_, gho_, or ghu_"],
    ["COPILOT_MC_BASE_URL", "example.com/agents", web],
    ["COPILOT_MC_BASE_URL", "ftp://example.com", web],
    ["COPILOT_API_URL", "javascript:alert(1)", web],
    ["COPILOT_DEBUG_GITHUB_API_URL", "localhost:80", web],
    ["GHE_HOST", "https://ghe.example.com", host],
    ["GHE_HOST", "ghe.example.com/api", host],
    ["GHE_PROTOCOL", "https:", "must be https or http"],
    ["PORT", "http", "must be a whole number from 0 to 65535"],
    ["PORT", "Infinity", "must be a whole number from 0 to 65535"],
    ["PORT", "80.5", "must be a whole number"],
    ["PORT", "-1", "must be at least 0"],
    ["PORT", "65536", "must be at most 65535"],
    ["METRICS_PORT", "3000", "must not be the same as PORT, where webhooks arrive"],
    ["DATABASE_URL", "mysql://db/bot", "must be a URL that begins with postgres://"],
    ["DATABASE_URL", "postgres://bot:p@ss@db/bot", UNESCAPED],
    ["DATABASE_URL", "postgres://bot:s3cret/x@db/bot", UNESCAPED],
    ["DATABASE_URL", "postgres://bot:s3cret?x@db/bot", UNESCAPED],
    ["DATABASE_URL", "postgres://bot:12#s3cret@db/bot", UNESCAPED],
    ["DATABASE_URL", "postgres://b@t:s3cret@db/bot", UNESCAPED],
    ["DATABASE_URL", "postgres://db:port/bot", INVALID_URL],
    ["DATABASE_URL", "postgres://db/bot?port=abc", "has an invalid port: use a number up to 65535"],
    ["DATABASE_URL", "postgres://one,two/bot", SEVERAL_HOSTS],
    ["DATABASE_URL", "host=/run/postgresql dbname=bot", KEY_VALUE],
    ["DATABASE_URL", "user=bot password='s3cret'", KEY_VALUE],
    ["DATABASE_WAIT_SECONDS", "-1", "must be at least 0"],
    ["HTTPS_PROXY", "proxy.example.com:3128", NO_PROXY_URL],
    ["HTTPS_PROXY", "socks5://proxy.example.com:1080", NO_PROXY_URL],
    ["HTTPS_PROXY", "http://", NO_PROXY_URL],
    ["HTTP_PROXY", "http://proxy.example.com:port", NO_PROXY_URL],
    ["HTTP_PROXY", "http://me:s3cret/x@proxy.example.com:3128", NO_PROXY_URL],
    ["DATABASE_URL", "db", "must be a URL that begins with postgres://"],
    ["TASK_RETENTION_DAYS", "7", "must be at least 8"],
    ["CREATE_LABELS", "yes", "must be on or off"],
    ["GITHUB_RETRY_HOURS", "0", "must be at least 1"],
    ["GITHUB_RETRY_HOURS", "169", "must be at most 168"],
    ["INSTALLATION_ERASE_DAYS", "7", "must be at least 8"],
    ["LOG_LEVEL", "verbose", level],
    ["SESSION_START_TIMEOUT_SECONDS", "0", "must be at least 1"],
    ["SESSION_START_TIMEOUT_SECONDS", "61", "must be at most 60"],
    ["SESSION_START_TIMEOUT_SECONDS", "1 min", "must be a whole number from 1 to 60"],
    ["MAX_CONCURRENT_STARTS", "0", "must be at least 1"],
    ["MAX_CONCURRENT_STARTS", "51", "must be at most 50"],
    ["MAX_CONCURRENT_STARTS_PER_REPOSITORY", "many", "must be a whole number from 1 to 50"],
    ["PRIVATE_KEY", "MIIEow", NO_KEY_TEXT],
    ["PRIVATE_KEY", "/etc/bot/private-key.pem", NO_KEY_TEXT],
    ["PRIVATE_KEY", `“${KEY}”`, curly],
    ["APP_ID", "“4711”", curly],
    ["WEBHOOK_SECRET", "‘b2f8c1d94e6a7f30’", curly],
    ["DATA_DIR", " «data» ", curly],
    ["MAX_TASKS_PER_REPOSITORY", "„3“", curly],
    ["PRIVATE_KEY", KEY.replaceAll("PRIVATE", "PUBLIC"), NO_KEY_TEXT],
    ["PRIVATE_KEY", KEY.replaceAll("\n", " "), NO_KEY_TEXT],
  ])("%s=%j", (variable, value, sentence) => {
    const problems = problemsOf({ ...REQUIRED, [variable]: value });
    expect(problems).toEqual([`${variable} ${sentence}`]);
  });

  test("APP_ID=0, which is no App", () => {
    expect(problemsOf({ ...REQUIRED, APP_ID: "0" })).toHaveLength(1);
  });
});

test("a file that an editor of Windows has saved is read", () => {
  const [first, ...rest] = Object.entries(REQUIRED);
  const variables = { [`\uFEFF${first?.[0] ?? ""}`]: first?.[1], ...Object.fromEntries(rest) };
  expect(readEnvironment(variables)).toEqual(readEnvironment(REQUIRED));
});

describe("all problems are reported at once", () => {
  test("of nothing at all", () => {
    // The last sentence about the token adds nothing to the first.
    const problems = problemsOf({}).filter(
      (problem) => !problem.includes("must begin with github"),
    );
    expect(problems).toEqual([APP_ID, SECRETLESS, TOKENLESS, KEYLESS]);
  });

  test("with one sentence for a token that is not set", () => {
    expect(problemsOf({ ...REQUIRED, COPILOT_GITHUB_TOKEN: "" })).toEqual([TOKENLESS]);
  });

  test("of several variables", () => {
    const wrong = { APP_ID: "x", PORT: "x", LOG_LEVEL: "x", PRIVATE_KEY: "x", GHE_HOST: "/" };
    expect(problemsOf({ ...REQUIRED, ...wrong }).map((problem) => problem.split(" ")[0])).toEqual([
      "APP_ID",
      "GHE_HOST",
      "PORT",
      "LOG_LEVEL",
      "PRIVATE_KEY",
    ]);
  });
});

describe("no value is repeated", () => {
  test("of whatever variable, whatever it is", () => {
    const names = [
      ["APP_ID", "PRIVATE_KEY", "WEBHOOK_SECRET", "COPILOT_GITHUB_TOKEN", "COPILOT_MC_BASE_URL"],
      ["COPILOT_API_URL", "COPILOT_DEBUG_GITHUB_API_URL", "GHE_HOST", "GHE_PROTOCOL", "PORT"],
      ["DATABASE_URL", "LOG_LEVEL", "SESSION_START_TIMEOUT_SECONDS", "MAX_CONCURRENT_STARTS"],
    ].flat();
    const variable = fc.constantFrom(...names);
    const mark = "k3pt-s3cr3t";
    const value = fc
      .tuple(
        fc.constantFrom("", "ghp_", "ghs_", "ftp://", "https://u:", "-----BEGIN "),
        fc.string(),
      )
      .map(([prefix, text]) => `${prefix}${mark}${text}`);
    fc.assert(
      fc.property(fc.dictionary(variable, value), (variables) => {
        const problems = problemsOf({ ...variables, APP_ID: mark, ...variables });
        expect(problems.length).toBeGreaterThan(0);
        expect(problems.join("\n")).not.toContain(mark);
      }),
    );
  });

  // The system's message names the path: a key that somebody put there by mistake would be shown.
  test("of a key that was put where its path belongs", () => {
    for (const value of [KEY, KEY.replaceAll("\n", "\\n"), `${KEY}${"a".repeat(5_000)}`]) {
      const variables = { ...REQUIRED, PRIVATE_KEY: "", PRIVATE_KEY_PATH: value };
      expect(problemsOf(variables).join("\n")).not.toContain(INSIDE);
    }
  });
});
