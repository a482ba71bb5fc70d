import { isAbsolute } from "node:path";
import { z } from "zod";
import { copilotHostOf, hostsOf, problemsOfHosts } from "../core/github/hosts.ts";
import type { SelfHosting } from "../core/policy/self-hosting.ts";
import { admins } from "./admins.ts";
import type { Connecting } from "./connecting.ts";
import { CONNECTING_VARIABLES, readConnecting } from "./connecting.ts";
import { copilotToken } from "./token-format.ts";
import { databaseUrlProblem } from "./database-url.ts";
import { readPrivateKey } from "./private-key.ts";
import { noProxyEntries, proxyUrlProblem, proxyVariables, spelledIn } from "./proxy.ts";
import { misspelledVariables } from "./misspelled.ts";
import { quotedSecrets, withoutCurlyMarks } from "./quotation-marks.ts";
import { isSet, RENAMED_VARIABLES, renamedVariables } from "./renamed.ts";
import { fileVariable, gatherVariables, SECRET_VARIABLES } from "./secret-files.ts";
import { readSelfHosting, SELF_HOSTING_VARIABLES } from "./self-hosting.ts";
import { required, separated, trimmed, wholeFrom, wordOf } from "./values.ts";

/** Everything that an administrator can set, checked. */
export type Environment = z.output<typeof environmentSchema> & {
  readonly PRIVATE_KEY: string;
  /** With what people connect their Copilot; null where they can't. */
  readonly connecting: Connecting | null;
  /** What's allowed of sessions on the administrator's own machines; null where there are none. */
  readonly selfHosting: SelfHosting | null;
};

const url = z
  .url({ protocol: /^https?$/u, error: "must be a URL that begins with http:// or https://" })
  .transform((value) => value.replace(/\/+$/u, ""));

const proxy = trimmed.superRefine((value, context) => {
  const message = proxyUrlProblem(value);
  if (message !== null) context.addIssue({ code: "custom", message });
});

/** A host name, in lower case, with a port where it isn't the usual one. */
const host = (example: string) =>
  trimmed.toLowerCase().regex(/^[a-z0-9_](?:[\w.-]*\w\.?)?(?::\d+)?$/u, {
    error: `must be a host name without https://, like ${example}`,
  });

function isHost(name: string): boolean {
  if (!/^[\w.-]+(?::\d+)?$/u.test(name)) return false;
  return URL.parse(`https://${name}`)?.host === name.replace(/:443$/u, "");
}

const linkHosts = separated(
  isHost,
  "must be host names without https://, separated by commas, like copilot.example.com",
);

const runtime = trimmed.refine((value) => /^(?:bundled|sdk)$/u.test(value) || isAbsolute(value), {
  error:
    "must be bundled, sdk, or the absolute path of a copilot program, like /usr/local/bin/copilot",
});

const SAMPLERS = [
  "always_on",
  "always_off",
  "traceidratio",
  "parentbased_always_on",
  "parentbased_always_off",
  "parentbased_traceidratio",
] as const;

/** All settings but those that belong together and have files of their own. */
export const environmentSchema = z.object({
  APP_ID: required(
    "is not set. Run script/register first, which registers a GitHub App and sets what it needs, or set APP_ID to the “App ID” on the settings page of the App",
  )
    .refine((value) => !/^Iv\w*\.?\w+$/u.test(value), {
      error: "is a client ID. Set it to the “App ID” on the same page, a number like 123456",
      abort: true,
    })
    .regex(/^(?:[1-9]\d{0,14})?$/u, { error: "must be the GitHub App's number, like 123456" })
    .transform(Number),
  WEBHOOK_SECRET: required(
    "is not set. Without a secret, anyone could send events to the bot. Set it to the “Webhook secret” of the GitHub App; `openssl rand -hex 32` generates one",
  ),
  // Undefined only where people connect their own Copilot.
  COPILOT_GITHUB_TOKEN: copilotToken.optional(),
  COPILOT_RUNTIME: runtime.default("bundled"),
  MAX_RUNTIMES: wholeFrom(1, 64).default(8),
  RUNTIME_IDLE_MINUTES: wholeFrom(1, 1_440).default(10),
  GITHUB_COPILOT_INTEGRATION_ID: trimmed.default(""),
  COPILOT_MC_BASE_URL: url.optional(),
  COPILOT_API_URL: url.optional(),
  COPILOT_DEBUG_GITHUB_API_URL: url.optional(),
  COPILOT_GH_HOST: host("ghe.example.com").optional(),
  COPILOT_MC_FRONTEND_URL: url.optional(),
  LINK_HOSTS: linkHosts.optional(),
  GHE_HOST: host("ghe.example.com").optional(),
  GHE_PROTOCOL: z.enum(["https", "http"], { error: "must be https or http" }).default("https"),
  ADMINS: admins.default([]),
  HOST: trimmed.default("0.0.0.0"),
  PORT: wholeFrom(0, 65_535).default(3000),
  // Whoever reaches this port reads it: no other machine, unless an administrator says so.
  METRICS_HOST: trimmed.default("127.0.0.1"),
  // Undefined: metrics aren't served.
  METRICS_PORT: wholeFrom(0, 65_535).optional(),
  // Load balancers keep a connection for up to 60 seconds where nobody sets it.
  KEEP_ALIVE_SECONDS: wholeFrom(1, 3_600).default(65),
  MAX_CONNECTIONS: wholeFrom(10, 100_000).default(1_000),
  MAX_EVENT_STREAMS: wholeFrom(0, 100_000).default(1_000),
  // Not below one body of GitHub's largest, and what Node spends on its chunks.
  MAX_UNVERIFIED_MB: wholeFrom(32, 4_096).default(64),
  HTTPS_PROXY: proxy.optional(),
  HTTP_PROXY: proxy.optional(),
  NO_PROXY: trimmed.default("").transform((value) => noProxyEntries(value).join(",")),
  DATA_DIR: trimmed.default("data"),
  DATABASE_URL: trimmed
    .superRefine((value, context) => {
      const message = databaseUrlProblem(value);
      if (message !== null) context.addIssue({ code: "custom", message });
    })
    .optional(),
  DATABASE_WAIT_SECONDS: wholeFrom(0, 3_600).default(60),
  // Not below GitHub's window for redelivery, 7 days: a task that is forgotten could be started again.
  TASK_RETENTION_DAYS: wholeFrom(8, 3_650).default(90),
  // A trigger that is delivered again after the erasure would write what nobody erases.
  INSTALLATION_ERASE_DAYS: wholeFrom(8, 3_650).default(30),
  LOG_LEVEL: wordOf(
    ["fatal", "error", "warn", "info", "debug", "trace", "silent"],
    "must be fatal, error, warn, info, debug, trace, or silent",
  ).default("info"),
  OTEL_EXPORTER_OTLP_ENDPOINT: url.optional(),
  OTEL_EXPORTER_OTLP_HEADERS: trimmed.optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: url.optional(),
  OTEL_EXPORTER_OTLP_TRACES_HEADERS: trimmed.optional(),
  OTEL_EXPORTER_OTLP_PROTOCOL: z
    .literal("http/protobuf", {
      error: "must be http/protobuf. A collector takes it at its port for HTTP, usually 4318",
    })
    .default("http/protobuf"),
  OTEL_SERVICE_NAME: trimmed.optional(),
  OTEL_TRACES_SAMPLER: z
    .enum(SAMPLERS, { error: `must be one of ${SAMPLERS.join(", ")}` })
    .default("parentbased_always_on"),
  OTEL_TRACES_SAMPLER_ARG: z.coerce
    .number({ error: "must be a number from 0 to 1" })
    .min(0, { error: "must be at least 0" })
    .max(1, { error: "must be at most 1" })
    .default(1),
  SESSION_START_TIMEOUT_SECONDS: wholeFrom(1, 60).default(60),
  MAX_CONCURRENT_STARTS: wholeFrom(1, 50).default(4),
  CREATE_LABELS: wordOf(["on", "off"], "must be on or off").default("on"),
  GITHUB_RETRY_HOURS: wholeFrom(1, 168).default(24),
  FOLLOW_MINUTES: wholeFrom(0, 1_440).default(60),
  IDLE_MINUTES: wholeFrom(1, 1_440).default(10),
  MAX_FOLLOWED_SESSIONS: wholeFrom(1, 500).default(50),
  MAX_CONCURRENT_STARTS_PER_REPOSITORY: wholeFrom(1, 50).default(3),
});

type Variables = Readonly<Record<string, string | undefined>>;

/** Every name that the bot reads. */
const KNOWN_VARIABLES: ReadonlySet<string> = new Set([
  ...Object.keys(environmentSchema.shape),
  ...CONNECTING_VARIABLES,
  ...SELF_HOSTING_VARIABLES,
  ...SECRET_VARIABLES.flatMap((name) => [name, fileVariable(name)]),
  ...Object.keys(RENAMED_VARIABLES),
  "PRIVATE_KEY_PATH",
]);

/** Wrong configuration, with one sentence for each variable. */
export class WrongEnvironment extends Error {
  override readonly name = "WrongEnvironment";
}

/**
 * Checks the environment. A variable that is set to nothing counts as not set.
 *
 * @throws WrongEnvironment that names each wrong variable and the cure, without any value
 */
export function readEnvironment(given: Variables): Environment {
  const { variables, problems: curly } = withoutCurlyMarks(given, KNOWN_VARIABLES);
  const gathered = gatherVariables(variables);
  const misspelled = misspelledVariables(gathered.variables, KNOWN_VARIABLES);
  // What's in those files can't be judged.
  if (gathered.problems.length > 0)
    throw wrongEnvironment([...curly, ...gathered.problems, ...misspelled]);
  const set: Variables = Object.fromEntries(
    Object.entries(gathered.variables).filter(([, value]) => isSet(value)),
  );
  const privateKey = readPrivateKey(set);
  const people = readConnecting(set);
  const machines = readSelfHosting(set);
  // Required variables are given as empty, so that they get their own sentence.
  const token = people.type === "none" ? { COPILOT_GITHUB_TOKEN: "" } : {};
  const empty = { APP_ID: "", WEBHOOK_SECRET: "", ...token };
  const result = environmentSchema.safeParse({ ...empty, ...set, ...proxyVariables(set) });
  const problems = result.success
    ? [...problemsOfHosts(result.data), ...problemsOfPorts(result.data)]
    : result.error.issues.map(
        ({ path, message }) => `${nameIn(variables, path.join("."))} ${message}`,
      );
  if (people.type === "problems") problems.push(...people.problems);
  if (machines.type === "problems") problems.push(...machines.problems);
  problems.push(...curly, ...misspelled, ...quotedSecrets(set));
  if (result.success && problems.length === 0 && privateKey.type === "key") {
    const COPILOT_GH_HOST = copilotHostOf(result.data);
    const connecting = people.type === "connecting" ? people.connecting : null;
    const selfHosting = machines.type === "on" ? machines.selfHosting : null;
    const PRIVATE_KEY = privateKey.key;
    return { ...result.data, COPILOT_GH_HOST, PRIVATE_KEY, connecting, selfHosting };
  }
  if (privateKey.type === "problem") problems.push(privateKey.problem);
  throw wrongEnvironment(problems);
}

/** The error of these problems. */
export function wrongEnvironment(problems: readonly string[]): WrongEnvironment {
  const lines = [...new Set(problems)].map((one) => `  ${one}${one.endsWith("?") ? "" : "."}`);
  return new WrongEnvironment(
    ["Configuration problems:", ...lines, "See .env.example."].join("\n"),
  );
}

/** Webhooks have a server of their own, so that whoever reads the metrics is in nobody's way. */
function problemsOfPorts({
  PORT,
  METRICS_PORT,
}: z.output<typeof environmentSchema>): readonly string[] {
  if (METRICS_PORT !== PORT || PORT === 0) return [];
  return ["METRICS_PORT must not be the same as PORT, where webhooks arrive"];
}

/** What to call a variable: also as it's spelled where its value comes from, which may be its old name. */
function nameIn(variables: Variables, name: string): string {
  const renamed = renamedVariables(variables).find(
    ({ now, isIgnored }) => now === name && !isIgnored,
  );
  const spelled = renamed?.old ?? spelledIn(variables, name);
  if (spelled !== name) return `${name} (set as ${spelled})`;
  return isSet(variables[`${name}_FILE`]) ? `${name} (in the file of ${name}_FILE)` : name;
}

/** Where people see GitHub: an origin, e.g. `https://github.com`. */
export function webOrigin(environment: Environment): string {
  return hostsOf(environment).web;
}

/** Where GitHub's REST API is: on an Enterprise Server below `/api/v3`, on GHE.com at `api.SUBDOMAIN.ghe.com`. */
export function restBaseUrl(environment: Environment): string {
  return hostsOf(environment).rest;
}
