import { refusalOfToken } from "./app/json-web-token.ts";
import type { Asked, AskedInRepository } from "./parts.ts";
import type { AppRoute } from "./routes/app.ts";
import type { Route } from "./routes/route.ts";
import { app, organization } from "./seed.ts";
import type { Answer, Ask } from "./shapes.ts";
import { failure, trusted } from "./shapes.ts";
import type { RepositoryRecord } from "./state/records.ts";
import { grantOf, isAtLeast } from "./state/state.ts";
import { isBot, isCovered, isGranted } from "./token-scope.ts";

const NOT_FOR_APPS = failure(403, "Resource not accessible by integration");

/** GitHub's words, as organizations with such a list report them. */
const IP_ALLOW_LIST = `Although you appear to have the correct authorization credentials, the \`${organization}\` organization has an IP allow list enabled, and your IP address is not permitted to access this resource.`;

/** Why GitHub lets nobody ask in this name, if it does not. */
export function refusalOfActor(asked: Asked): Answer | undefined {
  const { actor, ask, clock, installation, network, privateKey } = asked;
  if (actor === "unknown") return failure(401, "Bad credentials");
  if (actor === "app") {
    const token = (ask.authorization ?? "").replace(/^\w+\s+/, "");
    return refusalOfToken(token, privateKey, clock.now());
  }
  if (!isBot(actor)) return undefined;
  if (network.ipIsBlocked) return failure(403, IP_ALLOW_LIST);
  if (installation.now.status !== "suspended") return undefined;
  return failure(403, "This installation has been suspended");
}

/** Whether the asker may know that the repository is there. */
export function isSeen(
  { actor, installation, state }: Asked,
  repository: RepositoryRecord,
): boolean {
  if (!repository.private) return true;
  if (typeof actor === "string") return false;
  if (isBot(actor)) return isCovered(actor, repository, installation);
  // With the App's user token, a person sees only what the App may, too.
  if (actor.via?.id === app.id && !installation.isOpenTo(repository)) return false;
  return isAtLeast(grantOf(state, repository, actor.login).role, "read");
}

/** Why the asker can't use a route that isn't about what's in a repository. */
export function refusalOfAppRoute(
  { isForApp, permissions }: AppRoute,
  { actor, installation }: Asked,
): Answer | undefined {
  if (isForApp && actor !== "app") {
    return failure(401, "A JSON web token could not be decoded");
  }
  return isGranted(actor, permissions, "read", installation) ? undefined : NOT_FOR_APPS;
}

/** Why the asker can't do this in a repository that they see. */
export function refusalOfRoute(route: Route, asked: AskedInRepository): Answer | undefined {
  const { actor, ask, repository, state } = asked;
  const reads = ask.method === "GET";
  if (isBot(actor)) {
    const refused = refusalOfBot(route, asked);
    if (refused !== undefined) return refused;
  } else if (!reads) {
    if (typeof actor === "string") return failure(401, "Requires authentication");
    const { role } = grantOf(state, repository, actor.login);
    if (!isAtLeast(role, route.role)) {
      return failure(403, `Must have ${route.role} rights to Repository.`);
    }
  }
  return repository.archived && !reads ? refusalOfArchived(route, ask) : undefined;
}

/** The installation's token reads what is public anywhere, and more only where the App is installed. */
function refusalOfBot(
  { onlyInstalled = false, permissions }: Route,
  { actor, ask, installation, repository, parameters }: AskedInRepository,
): Answer | undefined {
  const reads = ask.method === "GET";
  const isOpen = reads && !repository.private;
  if (!isCovered(actor, repository, installation)) {
    return isOpen && !onlyInstalled ? undefined : NOT_FOR_APPS;
  }
  const number = parameters["issue_number"];
  const isIssue = number !== undefined && repository.subjects.get(Number(number))?.type !== "pull";
  const names = isIssue ? permissions.slice(0, 1) : permissions;
  const isFine = isOpen || isGranted(actor, names, reads ? "read" : "write", installation);
  return isFine ? undefined : NOT_FOR_APPS;
}

function refusalOfArchived({ permissions }: Route, { method, body }: Ask): Answer | undefined {
  const { archived } = trusted<{ readonly archived?: unknown }>(body ?? {});
  const wakesOrLeaves =
    permissions.includes("administration") && (method !== "PATCH" || archived === false);
  return wakesOrLeaves ? undefined : failure(403, "Repository was archived so is read-only.");
}
