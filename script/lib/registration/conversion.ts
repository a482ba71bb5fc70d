import { Octokit } from "@octokit/rest";
import { z } from "zod";
import { messageOf, read } from "../../../src/core/error/thrown.ts";
import { plainLine } from "../../../src/core/text/quote.ts";

/** An App that GitHub has registered. It shows these secrets once. */
export interface ConvertedApp {
  readonly id: number;
  readonly name: string;
  /** Its page on GitHub. */
  readonly url: string;
  /** The account that owns it. */
  readonly owner: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Null where GitHub made none. */
  readonly webhookSecret: string | null;
  readonly pem: string;
}

/** What has become of a code. */
export type Conversion =
  | { readonly type: "converted"; readonly app: ConvertedApp }
  /** GitHub doesn't know the code anymore: it's good for an hour and one conversion. */
  | { readonly type: "expired" }
  /** The code may still be good. @property why without a full stop */
  | { readonly type: "failed"; readonly why: string };

const TIMEOUT_MS = 30_000;
const MAX_REASON = 200;

const line = z.string().regex(/^[^\r\n]+$/u);
const conversion = z.object({
  id: z.int().positive(),
  name: z.string(),
  html_url: z.url({ protocol: /^https?$/u }).transform((url) => new URL(url).href),
  owner: z.looseObject({ login: z.string().optional(), slug: z.string().optional() }).nullish(),
  client_id: line,
  client_secret: line,
  webhook_secret: line.nullish(),
  pem: z.string().includes("PRIVATE KEY"),
});

/**
 * Exchanges the code of a registration for the App's credentials:
 * https://docs.github.com/rest/apps/apps#create-a-github-app-from-a-manifest
 *
 * @param rest base URL of GitHub's REST API
 */
export async function convert(code: string, rest: string): Promise<Conversion> {
  // What isn't a code isn't sent anywhere.
  if (!/^[\w-]{1,200}$/u.test(code)) return { type: "expired" };
  try {
    const { data } = await clientFor(rest).request("POST /app-manifests/{code}/conversions", {
      code,
    });
    return { type: "converted", app: appIn(data) };
  } catch (error) {
    if (read(Object(error), "status") === 404 && hasResponse(error)) return { type: "expired" };
    return { type: "failed", why: reasonOf(error) };
  }
}

/** Why GitHub can't be reached from here; null where it answers, whatever it says. */
export async function problemOfReaching(rest: string): Promise<string | null> {
  try {
    await clientFor(rest).request("GET /meta");
    return null;
  } catch (error) {
    return hasResponse(error) ? null : reasonOf(error);
  }
}

const silent = () => {};

/** It writes nothing to the terminal, and asks once. */
function clientFor(baseUrl: string): Octokit {
  const log = { debug: silent, info: silent, warn: silent, error: silent };
  return new Octokit({ baseUrl, log, request: { signal: AbortSignal.timeout(TIMEOUT_MS) } });
}

function appIn(data: unknown): ConvertedApp {
  const result = conversion.safeParse(data);
  if (!result.success) throw new Error("GitHub's answer isn't what its documentation says");
  const { id, name, html_url: url, owner, pem } = result.data;
  const { client_id: clientId, client_secret: clientSecret, webhook_secret } = result.data;
  return {
    id,
    name,
    url,
    owner: owner?.login ?? owner?.slug ?? "",
    clientId,
    clientSecret,
    webhookSecret: webhook_secret ?? null,
    pem,
  };
}

function hasResponse(error: unknown): boolean {
  return error instanceof Error && read(error, "response") !== undefined;
}

function reasonOf(error: unknown): string {
  if (hasResponse(error)) return `it answered with status ${String(read(Object(error), "status"))}`;
  return plainLine(messageOf(rootOf(error)), MAX_REASON).replace(/\.$/u, "");
}

/** Node's fetch says what happened in the cause of a cause. */
function rootOf(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? rootOf(error.cause) : error;
}
