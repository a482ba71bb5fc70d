import type { PersonsToken, SessionUser } from "../ports/copilot.ts";
import type { Log } from "../ports/log.ts";
import type { Held, RuntimeLease } from "./lease.ts";
import { hold, leaseOf } from "./lease.ts";
import type { Member } from "./pool-member.ts";
import { idlest, unusedWith } from "./pool-member.ts";
import type { Runtime } from "./runtime.ts";

/** How many processes there may be, and how long one stays that nobody uses. */
export interface PoolLimits {
  readonly maxRuntimes: number;
  readonly idleMs: number;
  /** How long a session is idle before it has to make room, 10 seconds by default: it may continue at once. */
  readonly minIdleMs?: number;
  /**
   * How long the sessions of a process have to make room, 15 seconds if nothing is said. Then those of another one have
   * to as well; after four times that, the process is ended.
   */
  readonly letGoMs?: number;
}

interface PoolOptions extends PoolLimits {
  /** A runtime whose one user has this token, not started yet. */
  readonly create: (token: string) => Runtime;
  readonly log: Pick<Log, "info">;
  /** Between two looks for an idle session, while somebody waits. */
  readonly lookEveryMs?: number;
}

/** Runtime processes by user: each knows one token alone. */
export interface Pool {
  /**
   * A place on the process of this user, which is started if needed. Where there are too many processes, it
   * waits: for one that nobody uses, or whose sessions are idle and get disconnected.
   */
  lease(user: SessionUser): Promise<RuntimeLease>;
  /**
   * Whether `lease` would give a place now, which then is kept for a while. If not, room is made as for one that waits:
   * ask again soon, which keeps the turn.
   *
   * @param who asks, so that whoever asks twice has one turn
   */
  hasRoom(who: string, user: SessionUser): boolean;
  /** Ends the processes without sessions of whose token this is true. */
  endUnused(isOver: (token: PersonsToken) => Promise<boolean>): Promise<void>;
  members(): readonly Member[];
  /** How many wait for a place. */
  waiting(): number;
  retire(): void;
  stop(): Promise<void>;
}

interface Waiter {
  readonly user: SessionUser;
  readonly serve: (member: Member) => void;
  readonly reject: (error: Error) => void;
  /** Of one that asks again and again: who it is, and until when its turn is kept. */
  readonly who: string | null;
  until: number;
}

/** For how long a turn is kept, in milliseconds. */
const TURN_MS = 15_000;
/** For how long a place is kept for a session that may come, in milliseconds. */
const PROMISED_MS = 60_000;

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
    async lease(user) {
      const { member, held } = await placeFor(state, user);
      try {
        return leaseOf(held, await member.runtime.running());
      } catch (error) {
        held.release();
        throw error;
      }
    },
    hasRoom: (who, user) => hasRoom(state, who, user),
    async endUnused(isOver) {
      for (const member of await unusedWith(state.members, isOver)) void end(state, member);
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

function placeFor(state: State, user: SessionUser): Promise<Place> {
  const { promise, resolve, reject } = Promise.withResolvers<Place>();
  const serve = (member: Member) => resolve({ member, held: take(state, member) });
  if (state.retired) reject(new Error("the bot is being stopped"));
  else state.waiters = [...state.waiters, { user, serve, reject, who: null, until: Infinity }];
  serveWaiters(state);
  return promise;
}

function hasRoom(state: State, who: string, user: SessionUser): boolean {
  // Taking the place then fails, because the bot is being stopped.
  if (state.retired) return true;
  const until = Date.now() + TURN_MS;
  const known = state.waiters.find((waiter) => waiter.who === who);
  if (known !== undefined) known.until = until;
  const serve = (member: Member) => keepPlace(state, member);
  if (known === undefined) {
    state.waiters = [...state.waiters, { user, serve, reject() {}, who, until }];
  }
  serveWaiters(state);
  const member = find(state, user);
  if (member !== undefined) keepPlace(state, member);
  return member !== undefined;
}

function keepPlace(state: State, member: Member): void {
  member.promisedUntil = Date.now() + PROMISED_MS;
  if (member.held.size === 0) rest(state, member);
}

function find({ members }: State, { token }: SessionUser): Member | undefined {
  return members.find((member) => member.token === token && member.state === "live");
}

function add(
  { options, members }: State,
  { token, userId = null }: SessionUser,
): Member | undefined {
  if (members.length >= options.maxRuntimes) return undefined;
  const member: Member = {
    token,
    userId,
    runtime: options.create(token),
    held: new Set(),
    unusedSince: Date.now(),
    promisedUntil: 0,
    timer: undefined,
    state: "live",
    displacedAt: 0,
  };
  members.push(member);
  return member;
}

function take(state: State, member: Member): Held {
  clearTimeout(member.timer);
  member.promisedUntil = 0;
  return hold(member.held, () => released(state, member));
}

function released(state: State, member: Member): void {
  if (member.held.size > 0 || member.state === "ending") return;
  // Its place is for whoever it was displaced for.
  if (member.state === "displaced") return void end(state, member);
  rest(state, member);
  serveWaiters(state);
}

/** Nobody uses it: it's ended after a while. */
function rest(state: State, member: Member): void {
  clearTimeout(member.timer);
  member.unusedSince = Date.now();
  member.timer = setTimeout(() => void end(state, member), state.options.idleMs).unref();
}

/** Its place is free only when the process is gone: there are never more of them. */
async function end(state: State, member: Member): Promise<void> {
  if (member.state === "ending") return;
  member.state = "ending";
  clearTimeout(member.timer);
  await member.runtime.stop().catch(() => {});
  state.members.splice(state.members.indexOf(member), 1);
  serveWaiters(state);
}

/** Gives places to those who wait, in their order, and frees one if there is none. */
function serveWaiters(state: State): void {
  const { lookEveryMs = 1_000 } = state.options;
  const now = Date.now();
  state.waiters = state.waiters.filter(({ user, serve, until }) => {
    if (until <= now) return false;
    const member = find(state, user) ?? add(state, user);
    if (member !== undefined) serve(member);
    return member === undefined;
  });
  if (state.waiters.length === 0) {
    clearInterval(state.look);
    state.look = undefined;
    return;
  }
  state.look ??= setInterval(() => serveWaiters(state), lookEveryMs).unref();
  makeRoom(state, now);
}

function makeRoom(state: State, now: number): void {
  const { letGoMs = 15_000 } = state.options;
  const displaced = state.members.filter((member) => member.state === "displaced");
  for (const member of displaced) {
    if (now - member.displacedAt >= 4 * letGoMs) void end(state, member);
  }
  const ending = state.members.filter((member) => member.state === "ending").length;
  const leaving = displaced.filter(({ displacedAt }) => now - displacedAt < letGoMs).length;
  if (ending + leaving < state.waiters.length) displaceOne(state, now);
}

function displaceOne(state: State, now: number): void {
  const { minIdleMs = 10_000, log } = state.options;
  const member = idlest(state.members, now, minIdleMs);
  if (member === null) return;
  if (member.held.size === 0) {
    void end(state, member);
    return;
  }
  log.info({ sessions: member.held.size }, "idle sessions make room for another user's");
  member.state = "displaced";
  member.displacedAt = now;
  for (const { displaced } of member.held) displaced.abort();
}

function retire(state: State): void {
  state.retired = true;
  for (const { runtime } of state.members) runtime.retire();
  for (const { reject } of state.waiters) reject(new Error("the bot is being stopped"));
  state.waiters = [];
}
