import { randomBytes } from "node:crypto";
import { parseEnv } from "node:util";
import type { ConvertedApp } from "./conversion.ts";

/** What the answer of GitHub brings, and where else it may be already. */
const GIVEN = [
  "APP_ID",
  "PRIVATE_KEY",
  "PRIVATE_KEY_PATH",
  "PRIVATE_KEY_FILE",
  "WEBHOOK_SECRET",
  "WEBHOOK_SECRET_FILE",
  "GITHUB_CLIENT_ID",
  "GITHUB_CLIENT_SECRET",
  "GITHUB_CLIENT_SECRET_FILE",
] as const;

type Variables = Readonly<Record<string, string | undefined>>;

/** What an .env sets. Windows' editors may put a mark in front of the first name. */
export function variablesIn(text: string): Variables {
  return parseEnv(text.replace(/^\uFEFF/u, ""));
}

/** The variables that an App has, of those that are set already: its registration can't write them. */
export function takenNames(variables: Variables): readonly string[] {
  return GIVEN.filter((name) => isGiven(variables, name));
}

/** What belongs into .env besides what GitHub gives. */
export interface OwnSettings {
  /** Where people's browsers reach the bot: an origin. */
  readonly publicUrl: string;
  /** Which GitHub it is, where that isn't github.com: `GHE_HOST`, `GHE_PROTOCOL`. */
  readonly gitHub: Readonly<Record<string, string>>;
}

/** The settings of a new App, without its key's path. With the last two, people can connect their Copilot. */
export function settingsOf(
  app: ConvertedApp,
  { publicUrl, gitHub }: OwnSettings,
): Readonly<Record<string, string>> {
  return {
    APP_ID: String(app.id),
    ...(app.webhookSecret !== null && { WEBHOOK_SECRET: app.webhookSecret }),
    GITHUB_CLIENT_ID: app.clientId,
    GITHUB_CLIENT_SECRET: app.clientSecret,
    PUBLIC_URL: publicUrl,
    ENCRYPTION_KEYS: randomBytes(32).toString("base64"),
    ...gitHub,
  };
}

/**
 * The text of an .env with more settings: a line without a value gets one, new ones are added at the end, and what has
 * a value stays. There are no quotation marks, which `docker run --env-file` would take for a part of the value.
 *
 * @param variables what `text` sets, read
 * @param more values without line breaks
 */
export function withSettings(text: string, variables: Variables, more: Variables): string {
  const lineBreak = text.includes("\r\n") ? "\r\n" : "\n";
  const added = Object.entries(more).filter(([name]) => !isGiven(variables, name));
  return added.reduce((result, [name, value = ""]) => {
    const line = `${name}=${value}`;
    const empty = new RegExp(`^[ \\t]*${name}[ \\t]*=[ \\t]*(?:""|'')?[ \\t]*$`, "mu");
    if (empty.test(result)) return result.replace(empty, () => line);
    const before = result === "" || result.endsWith("\n") ? result : result + lineBreak;
    return before + line + lineBreak;
  }, text);
}

function isGiven(variables: Variables, name: string): boolean {
  return (variables[name]?.trim() ?? "") !== "";
}
