import { z } from "zod";

/** Who answers a request that a runtime makes. */
export type Upstream = "github" | "copilot" | "mission_control";

/** A request that a runtime in a sandbox makes. */
export interface BrokeredRequest {
  readonly method: string;
  /** As on the wire, with its query. */
  readonly path: string;
}

/** Where a request goes, with which path. */
export interface BrokeredRoute {
  readonly upstream: Upstream;
  readonly path: string;
}

/**
 * What passes. Everything else is refused: `/agents/tasks`, above all, where messages and answers to permission requests
 * are given in the owner's name, and what hands out other tokens.
 */
const ROUTES: readonly (readonly [method: string, path: RegExp, upstream: Upstream])[] = [
  // The second has what an enterprise doesn't let a runtime do.
  ["GET", /^\/copilot_internal\/(?:user|managed_settings)$/u, "github"],
  ["GET", /^\/models$/u, "copilot"],
  ["POST", /^\/models\/session(?:\/intent)?$/u, "copilot"],
  ["POST", /^\/(?:chat\/completions|responses|v1\/messages)$/u, "copilot"],
  ["POST", /^\/agents\/sessions$/u, "mission_control"],
];

/** A session's own requests; of no other session. */
const OF_SESSION: readonly (readonly [method: string, path: string])[] = [
  ["GET", ""],
  ["GET", "/commands"],
  ["POST", "/events"],
];

/** Begins the path of Mission Control on the broker. */
const AGENTS = "/agents";

/** How a path of a shared session begins, with its id. */
function pathOfSession(id: string): string {
  return `${AGENTS}/sessions/${id}`;
}

/**
 * Where a request goes; null when it's refused.
 *
 * @param sessions the ids that Mission Control gave to the sessions that were shared from this sandbox
 */
export function routeBrokered(
  { method, path }: BrokeredRequest,
  sessions: readonly string[],
): BrokeredRoute | null {
  const [bare = ""] = path.split("?");
  const query = path.slice(bare.length);
  const found = ROUTES.find(([verb, pattern]) => verb === method && pattern.test(bare));
  if (found !== undefined) {
    const upstream = found[2];
    const own = upstream === "mission_control" ? bare.slice(AGENTS.length) : bare;
    return { upstream, path: `${own}${query}` };
  }
  const isOwn = sessions.some((id) =>
    OF_SESSION.some(([verb, part]) => verb === method && bare === `${pathOfSession(id)}${part}`),
  );
  return isOwn
    ? { upstream: "mission_control", path: `${bare.slice(AGENTS.length)}${query}` }
    : null;
}

/** Whether a request shares a session, whose id then is in the answer. */
export function sharesSession({ method, path }: BrokeredRequest): boolean {
  return method === "POST" && path.split("?")[0] === `${AGENTS}/sessions`;
}

/** The repository that a session is for, by GitHub's ids. */
export interface SharedRepository {
  readonly ownerId: number;
  readonly repositoryId: number;
}

/**
 * The body with which a session is shared, written anew; null when it's for another repository than the sandbox's.
 *
 * @param body JSON, from the sandbox
 */
export function shareBodyFor(
  { ownerId, repositoryId }: SharedRepository,
  body: string,
): string | null {
  const { data } = shareBody.safeParse(body);
  return data?.owner_id === ownerId && data.repo_id === repositoryId ? JSON.stringify(data) : null;
}

const shareBody = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue("no JSON");
      return z.NEVER;
    }
  })
  .pipe(z.looseObject({ owner_id: z.number(), repo_id: z.number() }));

/** What of a request's headers isn't passed on: what names the connection, the host, or somebody. */
const NOT_PASSED_ON = new Set([
  "accept-encoding",
  "connection",
  "content-length",
  "cookie",
  "expect",
  "forwarded",
  "host",
  "keep-alive",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
]);

/**
 * The headers with the owner's token in place of the one that stands for it.
 *
 * @returns null when the request doesn't bring the placeholder
 */
export function brokeredHeaders(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  { placeholder, token }: { readonly placeholder: string; readonly token: string },
): Record<string, string> | null {
  const authorization = /^(?<scheme>Bearer|token) (?<sent>\S+)$/iu.exec(
    String(headers["authorization"]),
  );
  if (authorization?.groups?.["sent"] !== placeholder) return null;
  const passed = Object.entries(headers).flatMap(([name, value]) =>
    typeof value === "string" && !NOT_PASSED_ON.has(name) ? [[name, value] as const] : [],
  );
  return {
    ...Object.fromEntries(passed),
    "accept-encoding": "identity",
    authorization: `${authorization.groups["scheme"]} ${token}`,
  };
}
