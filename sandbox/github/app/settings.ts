import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { administrator, app } from "../seed.ts";
import { trusted } from "../shapes.ts";

/** What the owner of the App has set; a change counts at once. */
export interface AppSettings {
  /** The login of the person or organization whose App it is. */
  owner: string;
  /** What the App asks for; its installations have what was asked for when they were made. */
  permissions: Record<string, string>;
  /** The webhooks that the App gets besides those about its installations. */
  events: string[];
  name: string;
  description: string;
  /** The page that people are sent to. */
  externalUrl: string;
  /** Where people may be sent back to after they authorized the App. */
  readonly callbackUrls: string[];
  readonly hook: HookSettings;
}

/** Where and how webhooks are sent, as the App's settings say. */
interface HookSettings {
  /** Undefined when none is set. */
  url: string | undefined;
  contentType: "json" | "form";
  insecureSsl: "0" | "1";
}

interface Manifest {
  readonly description: string;
  readonly url: string;
  readonly callback_urls?: readonly string[];
  readonly default_permissions: Readonly<Record<string, string>>;
  readonly default_events: readonly string[];
}

/** The App is registered with what the project itself asks for, in `app.yml`. */
export function registeredSettings(): AppSettings {
  const file = readFileSync(new URL("../../../app.yml", import.meta.url), "utf8");
  const manifest = trusted<Manifest>(parse(file));
  const { description, url, callback_urls = [], default_permissions, default_events } = manifest;
  return {
    owner: administrator,
    permissions: { ...default_permissions },
    events: [...default_events],
    name: app.name,
    description,
    externalUrl: url,
    callbackUrls: [...callback_urls],
    hook: { url: undefined, contentType: "json", insecureSsl: "0" },
  };
}
