import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { z } from "zod";

/** Everything that an administrator can set, checked. */
export type Environment = z.output<typeof schema> & { readonly PRIVATE_KEY: string };

const text = z.string().trim();
const url = z
  .url({ protocol: /^https?$/u, error: "must be a URL that begins with http:// or https://" })
  .transform((value) => value.replace(/\/+$/u, ""));
const whole = (least: number, most: number) =>
  z.coerce
    .number({ error: `must be a whole number from ${least} to ${most}` })
    .int({ error: "must be a whole number" })
    .min(least, { error: `must be at least ${least}` })
    .max(most, { error: `must be at most ${most}` });
const required = (cure: string) => text.min(1, { error: cure });

const copilotToken = required(
  "is not set. Set it to a token of the account whose Copilot is used: github_pat_…, gho_… or ghu_…",
).superRefine((token, context) => {
  const problem = TOKEN_PROBLEMS.find(([prefix]) => token.startsWith(prefix))?.[1];
  if (token === "") return;
  if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
  else if (!/^(?:github_pat_|gho_|ghu_)/u.test(token)) {
    context.addIssue({ code: "custom", message: "must begin with github_pat_, gho_ or ghu_" });
  }
});

const TOKEN_PROBLEMS = [
  [
    "ghp_",
    "is a classic personal access token (ghp_), which Copilot does not accept. Make a fine-grained one (github_pat_) with the permission “Copilot Requests”, or use an OAuth token (gho_, ghu_)",
  ],
  [
    "ghs_",
    "is an installation token (ghs_): Copilot sessions belong to a user. Use that user's github_pat_, gho_ or ghu_ token",
  ],
] as const;

const schema = z.object({
  APP_ID: required("is not set. It is the “App ID” on the settings page of the GitHub App")
    .regex(/^(?:[1-9]\d{0,14})?$/u, { error: "must be the number of the GitHub App, e.g. 123456" })
    .transform(Number),
  WEBHOOK_SECRET: required(
    "is not set. Without a secret anybody could send events to the bot. Set it to the “Webhook secret” of the GitHub App; `openssl rand -hex 32` makes one",
  ),
  COPILOT_GITHUB_TOKEN: copilotToken,
  GITHUB_COPILOT_INTEGRATION_ID: text.default(""),
  COPILOT_MC_BASE_URL: url.optional(),
  COPILOT_API_URL: url.optional(),
  COPILOT_DEBUG_GITHUB_API_URL: url.optional(),
  GHE_HOST: text
    .regex(/^[\w.-]+(?::\d+)?$/u, {
      error: "must be a host name without https://, e.g. ghe.example.com",
    })
    .optional(),
  GHE_PROTOCOL: z.enum(["https", "http"], { error: "must be https or http" }).default("https"),
  HOST: text.default("0.0.0.0"),
  PORT: whole(0, 65_535).default(3000),
  DATA_DIR: text.default("data"),
  DATABASE_URL: z
    .url({ protocol: /^postgres(?:ql)?$/u, error: "must be a URL that begins with postgres://" })
    .optional(),
  // Not below GitHub's window for redelivery, 7 days: a task that is forgotten could be started again.
  TASK_RETENTION_DAYS: whole(8, 3_650).default(90),
  // A trigger that is delivered again after the erasure would write what nobody erases.
  INSTALLATION_ERASE_DAYS: whole(8, 3_650).default(30),
  LOG_LEVEL: z
    .enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"], {
      error: "must be one of fatal, error, warn, info, debug, trace, silent",
    })
    .default("info"),
  SESSION_START_TIMEOUT_SECONDS: whole(1, 60).default(60),
  MAX_CONCURRENT_STARTS: whole(1, 50).default(4),
  FOLLOW_MINUTES: whole(0, 1_440).default(60),
  IDLE_MINUTES: whole(1, 1_440).default(10),
  MAX_ATTACHED_SESSIONS: whole(1, 500).default(50),
  MAX_TASKS_PER_REPOSITORY: whole(1, 50).default(3),
});

function isPrivateKey(key: string): boolean {
  if (!/^-----BEGIN [A-Z ]*PRIVATE KEY-----\r?\n/u.test(key)) return false;
  try {
    createPrivateKey(key);
    return true;
  } catch {
    return false;
  }
}

type Variables = Readonly<Record<string, string | undefined>>;
type PrivateKey = { readonly key: string } | { readonly problem: string };

/** A key may come as a file, as text, or as text on one line with `\n` in it, as many services want it. */
function readPrivateKey({ PRIVATE_KEY = "", PRIVATE_KEY_PATH = "" }: Variables): PrivateKey {
  const inline = PRIVATE_KEY.replaceAll("\\n", "\n").trim();
  if (inline === "" && PRIVATE_KEY_PATH === "") {
    return {
      problem:
        "PRIVATE_KEY is not set. Set it to the private key of the GitHub App, or PRIVATE_KEY_PATH to the .pem file that GitHub gave you",
    };
  }
  const variable = inline === "" ? "PRIVATE_KEY_PATH" : "PRIVATE_KEY";
  if (inline === "" && PRIVATE_KEY_PATH.includes("PRIVATE KEY")) {
    return {
      problem: "PRIVATE_KEY_PATH holds a key where its path belongs: set PRIVATE_KEY to it",
    };
  }
  try {
    const key = inline === "" ? readFileSync(PRIVATE_KEY_PATH, "utf8").trim() : inline;
    if (isPrivateKey(key)) return { key };
    return {
      problem: `${variable} is not a private key: it must be the whole text of the .pem file, from -----BEGIN … PRIVATE KEY----- to -----END`,
    };
  } catch (error) {
    // The message would repeat the value, and that may be a key.
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    return { problem: `${variable} names a file that cannot be read (${code})` };
  }
}

/** Wrong configuration, with one sentence for each variable. */
export class WrongEnvironment extends Error {
  override readonly name = "WrongEnvironment";
}

/**
 * Checks the environment. A variable that is set to nothing counts as not set.
 *
 * @throws WrongEnvironment that names each wrong variable and the cure, without any value
 */
export function readEnvironment(variables: Variables): Environment {
  const set: Variables = Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value?.trim() !== ""),
  );
  const privateKey = readPrivateKey(set);
  // Required variables are given as empty, so that they get their own sentence.
  const given = { APP_ID: "", WEBHOOK_SECRET: "", COPILOT_GITHUB_TOKEN: "" };
  const result = schema.safeParse({ ...given, ...set });
  if (result.success && "key" in privateKey) {
    return { ...result.data, PRIVATE_KEY: privateKey.key };
  }
  const problems = (result.error?.issues ?? []).map(
    ({ path, message }) => `${path.join(".")} ${message}`,
  );
  if ("problem" in privateKey) problems.push(privateKey.problem);
  const lines = [...new Set(problems)].map((problem) => `  ${problem}.`);
  throw new WrongEnvironment(
    ["The bot is not configured as it must be:", ...lines, "See .env.example."].join("\n"),
  );
}

/** Where people see GitHub: an origin, e.g. `https://github.com`. */
export function webOrigin({ GHE_HOST, GHE_PROTOCOL }: Environment): string {
  return GHE_HOST === undefined ? "https://github.com" : `${GHE_PROTOCOL}://${GHE_HOST}`;
}

/** Where GitHub's REST API is: on an Enterprise Server below `/api/v3`. */
export function restBaseUrl({ GHE_HOST, GHE_PROTOCOL }: Environment): string {
  return GHE_HOST === undefined ? "https://api.github.com" : `${GHE_PROTOCOL}://${GHE_HOST}/api/v3`;
}
