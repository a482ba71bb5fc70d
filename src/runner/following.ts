import type { Order } from "../core/order.ts";
import { verdictOn } from "../core/permission.ts";
import { progressOf } from "../core/progress.ts";
import type { Task } from "../core/task.ts";
import { carryOut, noteOnCutOff } from "./carry-out.ts";
import type { Next } from "./ending.ts";
import type { Followed } from "./followed.ts";
import { changesOf, endOf, knownOf, nextDeadline } from "./followed.ts";
import type { CloudSession, Patience, Ports } from "./ports.ts";
import { hold, lostClaimOf, record } from "./record.ts";
import type { Reporter } from "./reporter.ts";
import type { TellingParts } from "./telling.ts";
import { lastWordAt, tellableAt, tellInTime, withTelling } from "./telling.ts";
import { createWake } from "./wake.ts";

/** Stays with sessions whose prompt has arrived, and tells how they go. */
export interface Following {
  /**
   * Follows until the end, under the task's claim; resolves with what is next for the task. When the claim
   * is lost, it lets go of the session without a word and rejects with `LostClaim`.
   */
  follow(task: Task, session: CloudSession, lost: AbortSignal): Promise<Next>;
  /** There may be an order for the task. */
  nudge(taskId: string): void;
  /** An order that was given before the task was settled has it opened again. */
  openForOrders(task: Task): Promise<void>;
  /** Looks for orders that other replicas have taken in. */
  lookForOrders(): Promise<void>;
  /** Detaches from every session; the tasks stay as they are, for the next process. */
  stop(): Promise<void>;
}

interface Parts extends TellingParts {
  readonly ports: Pick<Ports, "tasks" | "orders" | "log" | "now" | "stopping" | "lookAgain">;
  readonly patience: Patience;
}

/** Sessions that are followed at once, each in a loop of its own that sleeps until something happens. */
export function createFollowing(
  ports: Parts["ports"],
  reporter: Reporter,
  patience: Patience,
): Following {
  const all = new Map<string, Followed>();
  const parts = { ports, reporter, patience, count: () => all.size };

  async function follow(task: Task, session: CloudSession, lost: AbortSignal): Promise<Next> {
    makeRoom([...all.values()], patience.mostFollowed);
    const followed = begin(task, session, lost, ports.now());
    const { wake, seen } = followed;
    all.set(task.id, followed);
    const up = () => wake.up();
    const ends = [session.lost, ports.stopping, lost];
    for (const signal of ends) signal.addEventListener("abort", up);
    const end = session.observe((observation) => {
      seen.push(observation);
      wake.up();
    });
    try {
      const next = await loop(parts, followed);
      await openForOrders(parts, followed.task);
      return next;
    } finally {
      if (all.get(task.id) === followed) all.delete(task.id);
      for (const signal of ends) signal.removeEventListener("abort", up);
      end();
      await session.detach();
      // Others may move the task only when nothing is written from here any more.
      if (!lost.aborted) await followed.telling;
    }
  }

  function nudge(taskId: string): void {
    const followed = all.get(taskId);
    if (followed === undefined) return;
    followed.ordered = true;
    followed.wake.up();
  }

  return {
    follow,
    nudge,
    openForOrders: (task) => openForOrders(parts, task),
    async lookForOrders() {
      if (all.size === 0) return;
      for (const taskId of await ports.orders.waiting([...all.keys()])) nudge(taskId);
    },
    async stop() {
      await Promise.all([...all.values()].map(({ session }) => session.detach()));
    },
  };
}

async function openForOrders({ ports, patience }: Parts, { id }: Task): Promise<void> {
  if ((await ports.orders.waiting([id])).length === 0) return;
  const followUntil = new Date(ports.now().getTime() + patience.followAgainMs).toISOString();
  const opened = await ports.tasks.reopen(id, { unfollowed: null, followUntil });
  if (opened !== null) ports.lookAgain(id);
}

function begin(task: Task, session: CloudSession, claimLost: AbortSignal, now: Date): Followed {
  return {
    task,
    session,
    claimLost,
    followedAt: now.getTime(),
    wake: createWake(),
    seen: knownOf(task),
    handled: new Set(),
    progress: progressOf([]),
    editedAt: 0,
    telling: null,
    brokenOff: null,
    letGo: false,
    ordered: true,
    asked: false,
    busy: 0,
    begun: new Set(),
    known: [],
    note: task.note,
  };
}

/** The one that has been idle for longest goes; while none is idle, the one that changed first. */
function makeRoom(all: readonly Followed[], most: number): void {
  const staying = all.filter(({ letGo }) => !letGo);
  if (staying.length < most) return;
  const [first] = staying.toSorted(
    (one, other) => isBusy(one) - isBusy(other) || since(one) - since(other),
  );
  if (first === undefined) return;
  first.letGo = true;
  first.wake.up();
}

function isBusy({ progress }: Followed): number {
  return progress.state === "idle" ? 0 : 1;
}

function since({ progress, task }: Followed): number {
  return Date.parse(progress.since === "" ? (task.sessionStartedAt ?? "") : progress.since);
}

async function loop(parts: Parts, followed: Followed): Promise<Next> {
  for (;;) {
    const next = await round(parts, followed);
    if (next !== null) return next;
    await followed.wake.within(pauseMs(parts, followed));
  }
}

/** For how long nothing is to be done unless something happens. */
function pauseMs(parts: Parts, followed: Followed): number {
  const { ports, patience } = parts;
  const at = ports.now().getTime();
  // The clocks of the session and of this machine may differ: never a loop without a pause.
  if (endOf(followed, at, patience) !== null) {
    return Math.max(SHORTEST_PAUSE_MS, lastWordAt(parts, followed) - at);
  }
  const deadline = nextDeadline(followed, tellableAt(parts, followed), at, patience);
  return Math.max(SHORTEST_PAUSE_MS, deadline - at);
}

const SHORTEST_PAUSE_MS = 50;

async function round(parts: Parts, followed: Followed): Promise<Next | null> {
  const { ports, reporter, patience } = parts;
  // Whoever has the task now follows the session, and tells of it.
  if (followed.claimLost.aborted) throw lostClaimOf(followed.task);
  if (followed.brokenOff !== null) throw followed.brokenOff.error;
  // What is known stays in the row, for the next process.
  if (ports.stopping.aborted) return "done";
  // The runtime is gone: another look at the task reaches the session anew.
  if (followed.session.lost.aborted) return { afterMs: 0 };
  followed.progress = progressOf(followed.seen);
  await answerByPolicy(parts, followed);
  if (followed.ordered) await takeOrders(parts, followed);
  await keep(parts, followed);
  const at = ports.now().getTime();
  const unfollowed = endOf(followed, at, patience);
  if (unfollowed === null) {
    tellInTime(parts, followed);
    return null;
  }
  // Until the last words can be said, people may still have other wishes.
  if (lastWordAt(parts, followed) > at) return null;
  const changes = { unfollowed, followUntil: null };
  return reporter.report(await record(ports.tasks, followed.task, changes));
}

async function answerByPolicy({ ports }: Parts, followed: Followed): Promise<void> {
  const { session, handled, progress, task } = followed;
  for (const [requestId, asking] of progress.asking) {
    if (handled.has(requestId)) continue;
    handled.add(requestId);
    const policy = task.permissionsPolicy ?? "ask";
    const verdict = verdictOn(asking, policy, task.defaultBranch ?? "");
    if (verdict === "ask") continue;
    await hold(ports.tasks, task);
    const came = await session.answer(requestId, { approved: verdict === "approve" });
    ports.log.info({ taskId: task.id, requestId, verdict, came }, "answered by policy");
  }
}

/** An order may take minutes to be carried out: nothing waits for it. */
async function takeOrders(parts: Parts, followed: Followed): Promise<void> {
  const { orders, log, now } = parts.ports;
  followed.ordered = false;
  await hold(parts.ports.tasks, followed.task);
  const begun = await orders.begun(followed.task.id);
  const cutOff = begun.filter(({ id }) => !followed.begun.has(id));
  for (const { id } of cutOff) tellLater(followed, id);
  followed.note = noteOnCutOff(cutOff) ?? followed.note;
  // News may be told twice, an order must not be carried out twice.
  const news = cutOff.filter(({ type }) => type === "pull_request");
  for (const order of [...news, ...(await orders.take(followed.task.id))]) {
    log.info({ taskId: followed.task.id, order: order.type }, "order taken");
    followed.begun.add(order.id);
    if (order.type === "status") followed.asked = true;
    if (order.type === "pull_request") {
      const { id, text: url } = order;
      followed.seen.push({ type: "pull_request", id, url, at: now().toISOString() });
      followed.progress = progressOf(followed.seen);
      tellLater(followed, id);
    } else {
      void obey(parts, followed, order);
    }
  }
}

/** The next write to the row tells what came of the order. */
function tellLater(followed: Followed, orderId: string): void {
  followed.begun.add(orderId);
  followed.known.push(orderId);
}

async function obey({ ports }: Parts, followed: Followed, order: Order): Promise<void> {
  followed.busy += 1;
  try {
    const { note, isAtWork } = await carryOut(order, followed.session, followed.progress);
    // Who follows the session next tells that it is not known.
    if (followed.session.lost.aborted) return;
    followed.note = note ?? followed.note;
    if (isAtWork) {
      followed.seen.push({ type: "working", id: order.id, at: ports.now().toISOString() });
    }
  } catch (err) {
    ports.log.error({ taskId: followed.task.id, order: order.type, err }, "an order broke off");
    followed.note = "What was asked of the session could not be done: the bot's log tells why.";
  } finally {
    followed.busy -= 1;
  }
  tellLater(followed, order.id);
  followed.asked = true;
  followed.wake.up();
}

/** Brings the row to what was seen; the session's own link may come late. */
async function keep({ ports }: Parts, followed: Followed): Promise<void> {
  const { task, session, asked } = followed;
  const told = task.linkSource === "session" ? null : await session.link(0);
  const link = told === null ? {} : ({ linkUrl: told, linkSource: "session" } as const);
  const changes = { ...changesOf(followed, ports.now()), ...link };
  if (asked) followed.editedAt = 0;
  followed.asked = false;
  const done = followed.known;
  followed.known = [];
  if (Object.keys(changes).length > 0) {
    const kept = await record(ports.tasks, task, changes);
    // An edit may have ended in the meantime.
    followed.task = withTelling(kept, followed.task);
  }
  await ports.orders.done(done);
}
