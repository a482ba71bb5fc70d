import type { Actor } from "../actors.ts";
import type { Parts } from "../parts.ts";
import { organization } from "../seed.ts";
import type { Answer } from "../shapes.ts";
import type { RepositoryRecord } from "../state/records.ts";
import { fullName, grantOf, isAtLeast } from "../state/state.ts";
import { isBot, isCovered, isGranted } from "../token-scope.ts";

/** What Git wants of a repository. */
export type GitService = "git-upload-pack" | "git-receive-pack";

interface Wanted {
  readonly service: GitService;
  /** Undefined when there's none of this name. */
  readonly repository: RepositoryRecord | undefined;
}

/** Who asks: Git sends a token as password, with any name. */
export function actorOf(authorization: string | undefined, { actors }: Parts): Actor {
  const [, credentials] = /^basic (.+)$/iu.exec(authorization ?? "") ?? [];
  if (credentials === undefined) return "anonymous";
  const [, token = ""] = /^[^:]*:(.*)$/su.exec(atob(credentials)) ?? [];
  const actor = actors.of(`token ${token}`);
  // The App's own JSON web token is none for Git.
  return actor === "app" || actor === "anonymous" ? "unknown" : actor;
}

/** Why Git gets nothing, in GitHub's words, which Git shows people behind `remote:`; undefined when it may. */
export function refusalOfGit(
  { service, repository }: Wanted,
  actor: Actor,
  parts: Parts,
): Answer | undefined {
  if (actor === "unknown") {
    return unauthorized(
      "Invalid username or token. Password authentication is not supported for Git operations.",
    );
  }
  const writes = service === "git-receive-pack";
  const isSeen = repository !== undefined && isReadable(repository, actor, parts);
  if (typeof actor === "string") {
    if (isSeen && !writes) return undefined;
    return unauthorized(isSeen ? "No anonymous write access." : "Repository not found.");
  }
  if (isBot(actor)) {
    if (parts.network.ipIsBlocked) return plain(403, IP_ALLOW_LIST);
    if (parts.installation.now.status === "suspended") {
      return plain(403, "This installation has been suspended");
    }
  }
  if (!isSeen) return plain(404, "Repository not found.");
  if (!writes) return undefined;
  if (!isWritable(repository, actor, parts)) {
    return plain(403, `Permission to ${fullName(repository)}.git denied to ${actor.login}.`);
  }
  if (!repository.archived) return undefined;
  return plain(403, "This repository was archived so it is read-only.");
}

const IP_ALLOW_LIST = `The repository owner has an IP allow list enabled, and 127.0.0.1 is not permitted to access this repository. See https://docs.github.com/organizations (${organization}).`;

function isReadable(
  repository: RepositoryRecord,
  actor: Actor,
  { installation, state }: Parts,
): boolean {
  if (!repository.private) return true;
  if (typeof actor === "string") return false;
  if (!isBot(actor)) return isAtLeast(grantOf(state, repository, actor.login).role, "read");
  return (
    isCovered(actor, repository, installation) &&
    isGranted(actor, ["contents"], "read", installation)
  );
}

function isWritable(
  repository: RepositoryRecord,
  actor: Exclude<Actor, string>,
  { installation, state }: Parts,
): boolean {
  if (!isBot(actor)) return isAtLeast(grantOf(state, repository, actor.login).role, "write");
  return (
    isCovered(actor, repository, installation) &&
    isGranted(actor, ["contents"], "write", installation)
  );
}

function unauthorized(message: string): Answer {
  const answer = plain(401, message);
  return { ...answer, headers: { ...answer.headers, "www-authenticate": 'Basic realm="GitHub"' } };
}

function plain(status: number, message: string): Answer {
  const headers = { "content-type": "text/plain; charset=UTF-8" };
  return { status, headers, body: Buffer.from(`${message}\n`) };
}
