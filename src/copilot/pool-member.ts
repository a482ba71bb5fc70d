import type { PersonsToken } from "../ports/copilot.ts";
import type { Held } from "./lease.ts";
import type { Runtime } from "./runtime.ts";

/** The process of one user. */
export interface Member {
  readonly token: string;
  /** Whose token it is; null for the bot's own. */
  readonly userId: number | null;
  readonly runtime: Runtime;
  readonly held: Set<Held>;
  /** When its last session was released. */
  unusedSince: number;
  /** Until when its place isn't given to others: it was promised to a session, in milliseconds since the epoch. */
  promisedUntil: number;
  timer: NodeJS.Timeout | undefined;
  /** Of a displaced one, the sessions have to make room: it takes no new ones, its own user's neither. */
  state: "live" | "displaced" | "ending";
  /** Since when it's displaced. */
  displacedAt: number;
}

/**
 * Which process is to give its place to another user's: one that nobody uses, or the one whose sessions have been idle
 * longest. Null if all are busy.
 */
export function idlest(members: readonly Member[], now: number, minIdleMs: number): Member | null {
  const [first] = members
    .filter(({ state, promisedUntil }) => state === "live" && promisedUntil <= now)
    .map((member) => ({ member, since: idleSince(member) }))
    .filter((one): one is { member: Member; since: number } => one.since !== null)
    .filter(({ member, since }) => member.held.size === 0 || now - since >= minIdleMs)
    .toSorted((one, other) => rank(one) - rank(other));
  return first?.member ?? null;
}

/** Since when all its sessions are idle, or it has none; null while one isn't. */
function idleSince({ held, unusedSince }: Member): number | null {
  let latest = held.size === 0 ? unusedSince : 0;
  for (const one of held) {
    const since = one.idleSince();
    if (since === null) return null;
    latest = Math.max(latest, since);
  }
  return latest;
}

/** Without sessions first, then the one that has been idle for longest. */
function rank({ member, since }: { readonly member: Member; readonly since: number }): number {
  return member.held.size === 0 ? since - Number.MAX_SAFE_INTEGER : since;
}

/** Those without sessions of whose token this is true. */
export async function unusedWith(
  members: readonly Member[],
  isOver: (token: PersonsToken) => Promise<boolean>,
): Promise<readonly Member[]> {
  const over = new Set<Member>();
  for (const member of members.filter(({ held }) => held.size === 0)) {
    const { userId, token } = member;
    if (userId !== null && (await isOver({ userId, token }))) over.add(member);
  }
  // One that a session has come to meanwhile is let go with it.
  return members.filter((member) => over.has(member) && member.held.size === 0);
}
