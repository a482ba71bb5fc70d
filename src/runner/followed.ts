import { createHash } from "node:crypto";
import type { Asking, Observation } from "../core/observation.ts";
import type { Order } from "../core/order.ts";
import type { Progress } from "../core/progress.ts";
import { progressOf } from "../core/progress.ts";
import type { Asked } from "../core/report.ts";
import type { Task, TaskChanges, Unfollowed } from "../core/task.ts";
import type { CloudSession, Patience } from "./ports.ts";
import type { Wake } from "./wake.ts";

/** A session that is followed, as this process knows it. */
export interface Followed {
  task: Task;
  readonly session: CloudSession;
  /** Aborted when somebody else has claimed the task. */
  readonly claimLost: AbortSignal;
  readonly wake: Wake;
  /** In milliseconds since the epoch. */
  readonly followedAt: number;
  readonly seen: Observation[];
  /** Requests that the bot has answered, or left to people. */
  readonly handled: Set<string>;
  progress: Progress;
  /** When the last edit of its comment was begun, in milliseconds since the epoch. */
  editedAt: number;
  /** The edit that is under way; never rejects. */
  telling: Promise<void> | null;
  /** Why the loop cannot go on, found out beside it. */
  brokenOff: { readonly error: unknown } | null;
  /** Others need its place. */
  letGo: boolean;
  /** There may be orders that were not looked at. */
  ordered: boolean;
  /** Somebody wants the comment to be of now. */
  asked: boolean;
  /** How many orders are being carried out. */
  busy: number;
  /** Orders that this process has begun to carry out, or tells of. */
  readonly begun: Set<string>;
  /** Those of which what came is known, and not in the row yet. */
  known: string[];
  /** What came of the last order. */
  note: string | null;
}

/** A comment has only so much room. */
const MOST_PULLS = 20;

/** What the row alone knows of a session: GitHub tells of a pull request once, and not in the session. */
export function knownOf({ pulls, sessionStartedAt, createdAt }: Task): Observation[] {
  const at = sessionStartedAt ?? createdAt;
  return (pulls ?? "")
    .split("\n")
    .filter((url) => url !== "")
    .map((url) => ({ type: "pull_request", id: `pull_request ${url}`, url, at }));
}

/** The pull requests of a session that is not followed, with those that people's orders tell of. */
export function pullsWith(task: Task, orders: readonly Order[], at: string): string | null {
  const news = orders
    .filter(({ type }) => type === "pull_request")
    .map(({ id, text: url }) => ({ type: "pull_request", id, url, at }) as const);
  return writtenPulls(progressOf([...knownOf(task), ...news]).pulls);
}

function writtenPulls(pulls: readonly string[]): string | null {
  return pulls.length === 0 ? null : pulls.slice(0, MOST_PULLS).join("\n");
}

/** By which people name a request of the agent's: so they approve what they have seen. */
export function codeOf(requestId: string): string {
  return createHash("sha256").update(requestId).digest("hex").slice(0, 4);
}

function withCode([requestId, asking]: readonly [string, Asking]): Asked {
  return { code: codeOf(requestId), asking };
}

/** What the row has to take over from what was seen; nothing when it has it all. */
export function changesOf({ task, progress, note, asked }: Followed, now: Date): TaskChanges {
  const { state, said, failure: sessionFailure, asking, pulls } = progress;
  const seen: TaskChanges = {
    state,
    said,
    sessionFailure,
    asking: asking.size === 0 ? null : JSON.stringify([...asking].map(withCode)),
    pulls: writtenPulls(pulls),
    note,
  };
  const known: Readonly<Record<string, unknown>> = { ...task };
  const isNews = Object.entries(seen).some(([name, value]) => known[name] !== value);
  return isNews || asked ? { ...seen, seenAt: now.toISOString() } : {};
}

/** Why the session is no longer to be followed; null while it is. */
export function endOf(
  { task, progress, letGo, busy, followedAt }: Followed,
  at: number,
  { idleMs }: Patience,
): Unfollowed | null {
  if (busy > 0) return null;
  if (progress.over) return "over";
  if (letGo) return "room";
  if (at >= Date.parse(task.followUntil ?? "")) return "time";
  // Quiet before it was followed is not held against it.
  const quietSince = Math.max(Date.parse(progress.since), followedAt);
  return isQuiet(progress) && at - quietSince >= idleMs ? "idle" : null;
}

/** When something has to be done even if nothing happens, in milliseconds since the epoch. */
export function nextDeadline(
  { task, progress, followedAt, busy }: Followed,
  tellableAt: number,
  at: number,
  { idleMs }: Patience,
): number {
  const deadlines = [tellableAt, busy > 0 ? at + SOON_MS : Date.parse(task.followUntil ?? "")];
  if (isQuiet(progress) && busy === 0) {
    deadlines.push(Math.max(Date.parse(progress.since), followedAt) + idleMs);
  }
  return Math.min(...deadlines);
}

/** While an order is being carried out nothing else ends; what comes of it wakes the loop. */
const SOON_MS = 10_000;

function isQuiet({ state }: Progress): boolean {
  return state === "idle" || state === "cancelled" || state === "failed";
}
