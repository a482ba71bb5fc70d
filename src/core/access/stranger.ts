import type { Requester } from "../task/task.ts";
import { isAtLeast } from "../github/role.ts";

/** A refusal of the last hour in one repository. */
export interface Denied {
  readonly requesterId: number;
  /** Without a comment. */
  readonly silent: boolean;
}

/** For how long refusals count, in milliseconds. */
export const REFUSALS_MS = 3_600_000;

/** In an hour: so that whoever may not start anything cannot make the bot busy. */
const MAX_REACTIONS = { perPerson: 3, perRepository: 20 };
const MAX_COMMENTS_PER_PERSON = 5;

/**
 * Whether another refused command gets a reaction.
 *
 * @param before of this hour and repository, without this one
 */
export function isReactedTo(requesterId: number, before: readonly Denied[]): boolean {
  const silent = before.filter((refusal) => refusal.silent);
  const own = silent.filter((refusal) => refusal.requesterId === requesterId);
  return own.length < MAX_REACTIONS.perPerson && silent.length < MAX_REACTIONS.perRepository;
}

/**
 * Whether another refusal gets a comment. Whoever can write to the repository can write comments there anyway.
 *
 * @param before of this hour and repository, without this one
 */
export function isCommentedOn(
  { id, role }: Pick<Requester, "id" | "role">,
  before: readonly Denied[],
): boolean {
  if (role !== null && isAtLeast(role, "write")) return true;
  const own = before.filter((refusal) => !refusal.silent && refusal.requesterId === id);
  return own.length < MAX_COMMENTS_PER_PERSON;
}
