import type { Actor } from "./actors.ts";
import type { Installation } from "./app/installation.ts";
import { includesOne } from "./app/installation.ts";
import { botLogin } from "./seed.ts";
import type { RepositoryRecord } from "./state/records.ts";

/** Whether a token of the installation's asks. */
export function isBot(actor: Actor): boolean {
  return typeof actor === "object" && actor.login === botLogin;
}

/** Whether the installation has a repository, and its token isn't limited to others. */
export function isCovered(
  actor: Actor,
  repository: RepositoryRecord,
  installation: Installation,
): boolean {
  const own = typeof actor === "object" ? actor.limits?.repositories : undefined;
  return installation.covers(repository) && own?.has(repository.id) !== false;
}

/** Whether the asker, if it is the bot, was granted one of the permissions, at least at this level. */
export function isGranted(
  actor: Actor,
  names: readonly string[],
  level: "read" | "write",
  installation: Installation,
): boolean {
  if (!isBot(actor) || names.length === 0) return true;
  const own = typeof actor === "object" ? actor.limits?.permissions : undefined;
  return installation.grants(names, level) && (own === undefined || includesOne(own, names, level));
}
