import { addressKey } from "./link.ts";
import type { Observation } from "./observation.ts";
import type { Asking } from "../task/asking.ts";
import type { TaskState } from "../task/task.ts";

/** How a session goes, as far as it was seen. */
export interface Progress {
  readonly state: Extract<
    TaskState,
    "in_progress" | "waiting_for_user" | "idle" | "completed" | "failed" | "cancelled"
  >;
  /** The agent's last words. */
  readonly said: string | null;
  /** What went wrong, in the session's own words; only while `failed`. */
  readonly failure: string | null;
  /** What the agent waits for, by the id of the request, oldest first. */
  readonly asking: ReadonlyMap<string, Asking>;
  /** Addresses of pull requests that came up. */
  readonly pulls: readonly string[];
  /** When it last changed its state: ISO 8601; empty at the start. */
  readonly since: string;
  /** Nothing more is to come: the task is complete, or its worker is gone. */
  readonly over: boolean;
}

/** A session whose prompt was delivered, and of which nothing else is known. */
const BEGUN: Progress = {
  state: "in_progress",
  said: null,
  failure: null,
  asking: new Map(),
  pulls: [],
  since: "",
  over: false,
};

/**
 * How a session goes, from all that was seen of it. Each observation counts once, in the order of its
 * time, however often and in whatever order it came.
 */
export function progressOf(observations: Iterable<Observation>): Progress {
  const unique = new Map([...observations].map((seen) => [`${seen.id} ${seen.type}`, seen]));
  const inOrder = [...unique.values()].toSorted((one, other) => compare(one.at, other.at));
  return inOrder.reduce(progressAfter, BEGUN);
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** How a session goes after one more observation, which is the newest of all and was not seen before. */
export function progressAfter(progress: Progress, seen: Observation): Progress {
  switch (seen.type) {
    case "working":
      // Somebody may have written to a session that was over.
      return { ...into(progress, waiting(progress) ?? "in_progress", seen.at), over: false };
    case "said":
      return { ...progress, said: seen.text };
    case "idle":
      return into(progress, waiting(progress) ?? settled(progress) ?? "idle", seen.at);
    case "completed":
      return {
        ...into(progress, "completed", seen.at),
        said: seen.summary ?? progress.said,
        over: true,
      };
    case "failed":
      return { ...into(progress, "failed", seen.at), failure: seen.message };
    case "aborted":
      return { ...into(progress, "cancelled", seen.at), asking: new Map() };
    case "ended":
      return { ...into(progress, ended(progress, seen.reason), seen.at), over: true };
    case "asked": {
      const asking = new Map([...progress.asking, [seen.requestId, seen.asking]]);
      return { ...into(progress, "waiting_for_user", seen.at), asking, over: false };
    }
    case "answered":
      return answered(progress, seen.requestId, seen.at);
    case "pull_request":
      return progress.pulls.some((url) => addressKey(url) === addressKey(seen.url))
        ? progress
        : { ...progress, pulls: [...progress.pulls, seen.url] };
    case "link":
      return progress;
    default:
      return seen satisfies never;
  }
}

function into(progress: Progress, state: Progress["state"], at: string): Progress {
  const failure = state === "failed" ? progress.failure : null;
  if (state === progress.state) return { ...progress, failure };
  return { ...progress, state, failure, since: at };
}

/** While the agent waits for people, whatever else happens does not change that. */
function waiting({ asking }: Progress): "waiting_for_user" | null {
  return asking.size > 0 ? "waiting_for_user" : null;
}

/** The idleness after an end isn't shown instead of the end. */
function settled({ state }: Progress): "completed" | "failed" | "cancelled" | null {
  return state === "completed" || state === "failed" || state === "cancelled" ? state : null;
}

/** A worker that leaves in order has done what it was asked, as far as anybody can see. */
function ended(progress: Progress, reason: string): Progress["state"] {
  return reason === "error" ? "failed" : (settled(progress) ?? "completed");
}

function answered(progress: Progress, requestId: string, at: string): Progress {
  const asking = new Map(progress.asking);
  if (!asking.delete(requestId)) return progress;
  const rest = { ...progress, asking };
  return asking.size > 0 || progress.state !== "waiting_for_user"
    ? rest
    : into(rest, "in_progress", at);
}
