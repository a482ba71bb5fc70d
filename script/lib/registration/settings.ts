import { parse } from "yaml";
import { z } from "zod";
import { CALLBACK_PATH, SETUP_PATH } from "../../src/core/identity/connection.ts";

const manifestSchema = z.looseObject({ name: z.string() });

/** Where the bot is reached. */
export interface Addresses {
  /** By GitHub: what comes before the path of webhooks. */
  readonly webhooks: string;
  /** By people's browsers: an origin. */
  readonly publicUrl: string;
}

/**
 * The manifest with which an App is registered: app.yml with the bot's own addresses.
 *
 * @param appYml the text of app.yml
 * @returns YAML
 */
export function manifestFor(appYml: string, { webhooks, publicUrl }: Addresses): string {
  return JSON.stringify({
    ...manifestSchema.parse(parse(appYml)),
    hook_attributes: { url: `${webhooks}/api/github/webhooks` },
    callback_urls: [publicUrl + CALLBACK_PATH],
    setup_url: publicUrl + SETUP_PATH,
  });
}

/** What GitHub's answer brings. */
const GIVEN = [
  "APP_ID",
  "PRIVATE_KEY",
  "WEBHOOK_SECRET",
  "GITHUB_CLIENT_ID",
  "GITHUB_CLIENT_SECRET",
] as const;

type Variables = Readonly<Record<string, string | undefined>>;

/** The variables that an App has, of those that are set already: its registration can't write them. */
export function takenNames(variables: Variables): readonly string[] {
  return GIVEN.filter((name) => isGiven(variables, name));
}

/**
 * The text of an .env with more settings: a line without a value gets one, new ones are added at the end, and what has
 * a value stays.
 *
 * @param variables what `text` sets, read
 * @param more values as they're to be written, without line breaks
 */
export function withSettings(text: string, variables: Variables, more: Variables): string {
  const added = Object.entries(more).filter(([name]) => !isGiven(variables, name));
  return added.reduce((result, [name, value = ""]) => {
    const line = `${name}=${value}`;
    const empty = new RegExp(`^[ \\t]*${name}[ \\t]*=[ \\t]*$`, "mu");
    if (empty.test(result)) return result.replace(empty, () => line);
    const before = result === "" || result.endsWith("\n") ? result : `${result}\n`;
    return `${before}${line}\n`;
  }, text);
}

function isGiven(variables: Variables, name: string): boolean {
  return (variables[name]?.trim() ?? "") !== "";
}
