import type { GitHubHosts } from "../github/hosts.ts";
import { addressKey, trustedLink } from "./link.ts";

/** Files and pages of a repository on the same GitHub. What mentions this thread elsewhere isn't linked, nor a download. */
const PAGE =
  /^\/[\w.-]+\/[\w.-]+(?:\/(?:(?:blob|tree|blame|wiki|actions(?!.*\/artifacts\/))(?:\/.*)?|releases(?:\/tag\/.*)?))?\/?$/u;

/** Where the agent's words may link to, in a form that can be linked; null for what is only named. */
export function allowedPage(url: string, { web }: Pick<GitHubHosts, "web">): string | null {
  const link = trustedLink(url, { linkOrigins: [web] });
  if (link === null) return null;
  const { pathname, searchParams } = new URL(link);
  // The raw file is on another host.
  return PAGE.test(pathname) && !searchParams.has("raw") ? link : null;
}

/** A pull request, and its page. */
export interface OwnPull {
  readonly number: string;
  readonly url: string;
}

/**
 * A pull request of a repository by an address that came up; null for anything else.
 *
 * @param repository e.g. `octo-org/hello`
 */
export function ownPull(
  address: string,
  repository: string,
  { web }: Pick<GitHubHosts, "web">,
): OwnPull | null {
  const own = addressKey(`${web}/${repository}/pull/`);
  const key = addressKey(address);
  const number = key.slice(own.length);
  if (!key.startsWith(own) || !/^\d+$/u.test(number)) return null;
  return { number, url: `${web}/${repository}/pull/${number}` };
}
