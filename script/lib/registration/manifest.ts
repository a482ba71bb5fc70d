import type { Pair, ParsedNode, YAMLMap, YAMLSeq } from "yaml";
import { isMap, isScalar, isSeq, parse, parseDocument } from "yaml";
import { z } from "zod";
import { CALLBACK_PATH, SETUP_PATH } from "../../../src/core/identity/connection.ts";

const manifestSchema = z.looseObject({ name: z.string(), public: z.boolean() });

/** GitHub takes no longer name. */
export const MAX_APP_NAME = 34;

/** Where the bot is reached. */
export interface Addresses {
  /** By GitHub: what comes before the path of webhooks. */
  readonly webhooks: string;
  /** By people's browsers: an origin. */
  readonly publicUrl: string;
}

/** The addresses that an App is registered with. */
export function registeredAddresses({ webhooks, publicUrl }: Addresses) {
  return {
    webhook: `${webhooks}/api/github/webhooks`,
    callback: publicUrl + CALLBACK_PATH,
    setup: publicUrl + SETUP_PATH,
  };
}

/** What differs from registration to registration. */
export interface ManifestOptions {
  readonly name: string;
  readonly addresses: Addresses;
  /** Where GitHub sends the browser back to, with the code. */
  readonly redirectUrl: string;
}

/**
 * The manifest with which an App is registered: app.yml with the bot's own addresses.
 *
 * @param appYml the text of app.yml
 * @returns JSON
 */
export function manifestFor(appYml: string, options: ManifestOptions): string {
  const { name, addresses, redirectUrl } = options;
  const { webhook, callback, setup } = registeredAddresses(addresses);
  return JSON.stringify({
    ...manifestSchema.parse(parse(appYml)),
    name,
    hook_attributes: { url: webhook },
    callback_urls: [callback],
    setup_url: setup,
    redirect_url: redirectUrl,
  });
}

/** What sessions on one's own machines need, besides what app.yml has. */
const SELF_HOSTED = {
  permission: "contents",
  access: "write",
  why: " To push what agents commit in sessions on your own machines, to branches of their own.",
} as const;

/** app.yml with the permissions for sessions on one's own machines. @param appYml its text */
export function withSelfHosting(appYml: string): string {
  const document = parseDocument(appYml);
  const permissions = document.get("default_permissions");
  if (!isMap<ParsedNode, ParsedNode>(permissions)) throw new Error("app.yml has no permissions");
  const pair = permissions.items.find(({ key }) => String(key) === SELF_HOSTED.permission);
  if (pair === undefined) throw new Error(`app.yml doesn't have ${SELF_HOSTED.permission}`);
  pair.key.commentBefore = `${pair.key.commentBefore ?? ""}${SELF_HOSTED.why}`;
  document.setIn(["default_permissions", SELF_HOSTED.permission], SELF_HOSTED.access);
  return document.toString();
}

/** A permission or an event that the App asks for. */
export interface Asked {
  /** As GitHub's pages show it, like “Pull requests”. */
  readonly name: string;
  /** Of a permission, like “Read and write”; null of an event. */
  readonly access: string | null;
  /** What the bot needs it for: the comment above it in app.yml. */
  readonly why: string;
}

/** What the App is and asks for, for people to read. */
export interface AskedByApp {
  /** Its name unless somebody chooses another one. */
  readonly name: string;
  /** Whether only the account that owns it can install it. */
  readonly isPrivate: boolean;
  readonly permissions: readonly Asked[];
  readonly events: readonly Asked[];
}

/** Reads app.yml for people. @param appYml its text */
export function askedByApp(appYml: string): AskedByApp {
  const { name, public: isPublic } = manifestSchema.parse(parse(appYml));
  const document = parseDocument(appYml);
  const permissions = document.get("default_permissions");
  const events = document.get("default_events");
  return {
    name,
    isPrivate: !isPublic,
    permissions: isMap<ParsedNode, ParsedNode>(permissions) ? permissionsIn(permissions) : [],
    events: isSeq<ParsedNode>(events) ? eventsIn(events) : [],
  };
}

const ACCESS: Readonly<Record<string, string>> = { read: "Read-only", write: "Read and write" };

function permissionsIn(map: YAMLMap<ParsedNode, ParsedNode | null>): readonly Asked[] {
  return map.items.map((pair: Pair<ParsedNode, ParsedNode | null>, index) => {
    const access = String(pair.value);
    const why =
      index === 0 ? (pair.key.commentBefore ?? map.commentBefore) : pair.key.commentBefore;
    return { name: shown(String(pair.key)), access: ACCESS[access] ?? access, why: sentence(why) };
  });
}

function eventsIn(list: YAMLSeq<ParsedNode>): readonly Asked[] {
  return list.items.map((item, index) => {
    const why = index === 0 ? (item.commentBefore ?? list.commentBefore) : item.commentBefore;
    const name = isScalar(item) ? String(item.value) : String(item);
    return { name: shown(name), access: null, why: sentence(why) };
  });
}

/** `pull_requests` is “Pull requests” there. */
function shown(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

function sentence(comment: string | null | undefined): string {
  return (comment ?? "").replaceAll(/\s+/gu, " ").trim();
}
