import type { GitHubHosts } from "../github/hosts.ts";
import { withoutCredentials } from "../text/credentials.ts";
import type { TaskSession } from "../task/session.ts";

/**
 * Where a session is found that hasn't reported its own link. The link that the session reports may look different and
 * comes first.
 */
export function documentedLink({ sessions }: Pick<GitHubHosts, "sessions">, sessionId: string) {
  return `${sessions.beforeId}${encodeURIComponent(sessionId)}`;
}

/** The list of an account's sessions. */
export function sessionsPage({ sessions }: Pick<GitHubHosts, "sessions">): string {
  return sessions.list;
}

/** Where people find a session. */
export interface SessionPlace {
  readonly url: string;
  /** Whether the session hasn't reported this link: GitHub may not show the session there. */
  readonly isGuess: boolean;
}

/** Where a session is; null while that isn't known. */
export function sessionPlace(
  { link, id, hosting }: Pick<TaskSession, "link" | "id" | "hosting">,
  hosts: GitHubHosts,
): SessionPlace | null {
  if (link === null) return null;
  const url = trustedLink(link.url, hosts);
  if (url !== null) return { url, isGuess: link.source !== "session" };
  // A session on a machine has another id there.
  if (id === null || hosting !== null) return null;
  return { url: documentedLink(hosts, id), isGuess: true };
}

const MAX_LINK = 2_000;

/** Pages where a click can sign in, grant access or change an account, whatever leads there. */
const NO_SESSION = new Set([
  "account",
  "apps",
  "codespaces",
  "enterprises",
  "join",
  "login",
  "logout",
  "marketplace",
  "new",
  "oauth",
  "organizations",
  "session",
  "sessions",
  "settings",
  "signup",
  "sponsors",
]);
const SECRET_PARAMETER =
  /^(?:.*[_-])?(?:token|secret|password|passwd|pwd|auth|authorization|api[_-]?key|apikey|code|jwt|sig|signature|credentials?)$/iu;

/**
 * A link that a session reported, in a form that a comment can show: nothing in it ends a Markdown link.
 * Null for one that a comment must not show: what a session says may be a stranger's idea. It must be
 * on GitHub's own or a configured host, over the same protocol and port, without a user name, a
 * credential or a token, and not a page that signs in or grants something.
 */
export function trustedLink(
  reported: string,
  { linkOrigins }: Pick<GitHubHosts, "linkOrigins">,
): string | null {
  const url = URL.parse(reported);
  if (url === null || !linkOrigins.includes(url.origin) || url.username !== "") return null;
  if (url.password !== "" || !hasPlainHost(reported, url)) return null;
  if (NO_SESSION.has(firstSegment(url)) || hasSecret(url)) return null;
  return usableLink(reported);
}

/**
 * Whether the address names its host as it is. A parser reads `https:\\github.com` and look-alike letters as
 * `github.com` too; people, and other parsers, don't.
 */
function hasPlainHost(reported: string, { protocol, host }: URL): boolean {
  const [, given] = /^https?:\/\/([^/?#]*)/iu.exec(reported) ?? [];
  const usual = protocol === "https:" ? ":443" : ":80";
  const name = given?.toLowerCase();
  return name === host || name === `${host}${usual}`;
}

function firstSegment({ pathname }: URL): string {
  return (/^\/+([^/]*)/u.exec(decoded(pathname))?.[1] ?? "").toLowerCase();
}

function hasSecret({ href, searchParams, hash }: URL): boolean {
  const all = decoded(href);
  if (withoutCredentials(all).text !== all || withoutCredentials(href).text !== href) return true;
  const fragment = new URLSearchParams(hash.replace(/^#/u, ""));
  return [...searchParams.keys(), ...fragment.keys()].some((name) => SECRET_PARAMETER.test(name));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * An address in a form that Markdown can link to: nothing in it ends a link. Null when it isn't one of the
 * web, or absurdly long.
 */
export function usableLink(address: string): string | null {
  const url = URL.parse(address);
  if (url === null || !/^https?:$/u.test(url.protocol) || url.href.length > MAX_LINK) return null;
  return url.href.replaceAll(/[()<>`\s\\]/gu, (mark) => {
    const code = mark.charCodeAt(0).toString(16).toUpperCase();
    return `%${code}`;
  });
}

/** The same text for two addresses that differ only in case and in `http` for `https`: people write both. */
export function addressKey(url: string): string {
  return url.toLowerCase().replace(/^https?:/u, "");
}
