import type { GitHubHosts } from "../core/github/hosts.ts";
import { trustedLink } from "../core/session/link.ts";
import { plainLine } from "../core/text/quote.ts";
import type { Log } from "../ports/log.ts";

/** Reads a link that a session reported: in a form for comments, or null for one not to be trusted. */
export type ReadLink = (reported: string) => string | null;

/** A reader of links for each session. The log says once a session that a link was refused. */
export function createLinkReader(
  hosts: Pick<GitHubHosts, "linkOrigins">,
  log: Pick<Log, "warn">,
): (sessionId: string) => ReadLink {
  return (sessionId) => {
    let hasRefused = false;
    return (reported) => {
      const link = trustedLink(reported, hosts);
      if (link === null && !hasRefused) {
        hasRefused = true;
        const fields = { sessionId, where: placeOf(reported), trusted: hosts.linkOrigins };
        log.warn(fields, "session reported an untrusted link: not shown");
      }
      return link;
    };
  };
}

/** Protocol and host alone: a user name, a path or a query may hold secrets. */
function placeOf(reported: string): string {
  const url = URL.parse(reported);
  return url === null ? "not a URL" : plainLine(`${url.protocol}//${url.host}`, 200);
}
