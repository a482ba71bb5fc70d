import type { Emulator } from "../emulator.ts";
import type { Manifest } from "./manifest.ts";
import { administrator, app } from "../seed.ts";
import type { Answer, Ask } from "../shapes.ts";
import { failure, json, trusted } from "../shapes.ts";
import type { Json } from "../shapes.ts";
import type { State } from "../state.ts";

/** What the owner of the App has set; a change counts at once. */
export interface AppSettings {
  /** What the App asks for; its installations have what was asked for when they were made. */
  permissions: Record<string, string>;
  /** The webhooks that the App gets besides those about its installations. */
  events: string[];
  name: string;
  description: string;
  /** The page that people are sent to. */
  externalUrl: string;
  readonly hook: HookSettings;
}

/** Where and how webhooks are sent, as the App's settings say. */
interface HookSettings {
  /** Undefined when none is set. */
  url: string | undefined;
  contentType: "json" | "form";
  insecureSsl: "0" | "1";
}

/** The settings of an App that was registered from the manifest. */
export function settingsFrom(manifest: Manifest): AppSettings {
  return {
    permissions: { ...manifest.default_permissions },
    events: [...manifest.default_events],
    name: app.name,
    description: manifest.description,
    externalUrl: manifest.url,
    hook: { url: undefined, contentType: "json", insecureSsl: "0" },
  };
}

/** Answers what the App asks about itself; undefined for other requests. */
export async function answerAboutApp(
  ask: Ask,
  settings: AppSettings,
  state: State,
  emulator: Emulator,
): Promise<Answer | undefined> {
  if (ask.path === "/app/hook/config")
    return ask.method === "GET" ? json(200, hook(settings)) : failure(404, "Not Found");
  if (ask.path !== "/app" || ask.method !== "GET") return undefined;
  const { permissions, events, name, description, externalUrl: external_url } = settings;
  const told = trusted<Json>((await emulator.ask(ask)).body);
  const owner = await state.account(administrator);
  const { client_id } = app;
  const set = { permissions, events, name, description, external_url };
  return json(200, { ...told, ...set, client_id, owner });
}

/** The secret is never told. */
function hook({ hook: { url, contentType, insecureSsl } }: AppSettings): Json {
  return { content_type: contentType, insecure_ssl: insecureSsl, secret: "********", url };
}
