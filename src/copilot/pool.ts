import type { Log } from "../ports/log.ts";
import type { Held, RuntimeLease } from "./lease.ts";
import { hold, leaseOf } from "./lease.ts";
import type { Runtime } from "./runtime.ts";

/** How many processes there may be, and how long one stays that nobody uses. */
export interface PoolLimits {
  readonly maxRuntimes: number;
  readonly idleMs: number;
  /** How long a session is idle before it has to make room, 10 seconds by default: it may continue at once. */
  readonly minIdleMs?: number;
}

interface PoolOptions extends PoolLimits {
  /** A runtime whose one user has this token, not started yet. */
  readonly create: (token: string) => Runtime;
  readonly log: Pick<Log, "info">;
  /** Between two looks for an idle session, while somebody waits. */
  readonly lookEveryMs?: number;
}

/** The process of one user. */
export interface Member {
  readonly token: string;
  readonly runtime: Runtime;
  readonly held: Set<Held>;
  /** When its last session was released. */
  unusedSince: number;
  timer: NodeJS.Timeout | undefined;
  state: "live" | "displaced" | "ending";
}

/** Runtime processes by user: each knows one token alone. */
export interface Pool {
  /**
   * A place on the process of this token's user, which is started if needed. Where there are too many processes, it
   * waits: for one that nobody uses, or whose sessions are idle and get disconnected.
   */
  lease(token: string): Promise<RuntimeLease>;
  members(): readonly Member[];
  /** How many wait for a place. */
  waiting(): number;
  retire(): void;
  stop(): Promise<void>;
}

interface Waiter {
  readonly token: string;
  readonly serve: (member: Member) => void;
  readonly reject: (error: Error) => void;
}

interface State {
  readonly options: PoolOptions;
  readonly members: Member[];
  waiters: readonly Waiter[];
  /** Looks for a place while somebody waits. */
  look: NodeJS.Timeout | undefined;
  retired: boolean;
}

/** A pool without processes. */
export function createPool(options: PoolOptions): Pool {
  const state: State = { options, members: [], waiters: [], look: undefined, retired: false };
  return {
    async lease(token) {
      const { member, held } = await placeFor(state, token);
      try {
        return leaseOf(held, await member.runtime.running());
      } catch (error) {
        held.release();
        throw error;
      }
    },
    members: () => state.members,
    waiting: () => state.waiters.length,
    retire: () => retire(state),
    async stop() {
      retire(state);
      clearInterval(state.look);
      await Promise.all(state.members.map((member) => end(state, member)));
    },
  };
}

interface Place {
  readonly member: Member;
  readonly held: Held;
}

function placeFor(state: State, token: string): Promise<Place> {
  const { promise, resolve, reject } = Promise.withResolvers<Place>();
  const serve = (member: Member) => resolve({ member, held: take(state, member) });
  if (state.retired) reject(new Error("the bot is being stopped"));
  else state.waiters = [...state.waiters, { token, serve, reject }];
  serveWaiters(state);
  return promise;
}

function find({ members }: State, token: string): Member | undefined {
  return members.find((member) => member.token === token && member.state !== "ending");
}

function add({ options, members }: State, token: string): Member | undefined {
  if (members.length >= options.maxRuntimes) return undefined;
  const member: Member = {
    token,
    runtime: options.create(token),
    held: new Set(),
    unusedSince: Date.now(),
    timer: undefined,
    state: "live",
  };
  members.push(member);
  return member;
}

function take(state: State, member: Member): Held {
  clearTimeout(member.timer);
  member.state = "live";
  return hold(member.held, () => released(state, member));
}

function released(state: State, member: Member): void {
  if (member.held.size > 0 || member.state === "ending") return;
  member.state = "live";
  member.unusedSince = Date.now();
  member.timer = setTimeout(() => void end(state, member), state.options.idleMs).unref();
  serveWaiters(state);
}

/** Its place is free only when the process is gone: there are never more of them. */
async function end(state: State, member: Member): Promise<void> {
  member.state = "ending";
  clearTimeout(member.timer);
  await member.runtime.stop().catch(() => {});
  state.members.splice(state.members.indexOf(member), 1);
  serveWaiters(state);
}

/** Gives places to those who wait, in their order, and frees one if there is none. */
function serveWaiters(state: State): void {
  const { lookEveryMs = 1_000 } = state.options;
  state.waiters = state.waiters.filter(({ token, serve }) => {
    const member = find(state, token) ?? add(state, token);
    if (member !== undefined) serve(member);
    return member === undefined;
  });
  if (state.waiters.length === 0) {
    clearInterval(state.look);
    state.look = undefined;
    return;
  }
  state.look ??= setInterval(() => serveWaiters(state), lookEveryMs).unref();
  const coming = state.members.filter((member) => member.state !== "live").length;
  if (coming < state.waiters.length) makeRoom(state);
}

function makeRoom(state: State): void {
  const { minIdleMs = 10_000 } = state.options;
  const [first] = state.members
    .filter((member) => member.state === "live")
    .map((member) => ({ member, since: idleSince(member) }))
    .filter((one): one is { member: Member; since: number } => one.since !== null)
    .filter(({ member, since }) => member.held.size === 0 || Date.now() - since >= minIdleMs)
    .toSorted((one, other) => rank(one) - rank(other));
  if (first === undefined) return;
  const { member } = first;
  if (member.held.size === 0) {
    void end(state, member);
    return;
  }
  state.options.log.info(
    { sessions: member.held.size },
    "idle sessions make room for another user's",
  );
  member.state = "displaced";
  for (const { displaced } of member.held) displaced.abort();
}

function retire(state: State): void {
  state.retired = true;
  for (const { runtime } of state.members) runtime.retire();
  for (const { reject } of state.waiters) reject(new Error("the bot is being stopped"));
  state.waiters = [];
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
