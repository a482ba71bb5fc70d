import { z } from "zod";
import type { Observation } from "../core/session/observation.ts";
import type { Asking } from "../core/task/asking.ts";
import type { ReportedEvent } from "../core/session/events.ts";
import { observationsOf } from "../core/session/events.ts";

/** A request of the agent's, while it waits for an answer. */
export interface WaitingRequest {
  readonly requestId: string;
  readonly asking: Asking;
  /** The tool that waits; it completes when the request is settled. */
  readonly toolCallId: string | null;
}

/** What one session was observed to do, each happening once. */
export interface Observer {
  /** What an event reports that wasn't reported before. */
  read(event: ReportedEvent): readonly Observation[];
  /** All that was observed, in the order in which it came; of the times that an agent worked, first and last. */
  readonly observed: readonly Observation[];
  /** A request that waits; undefined when it is settled or was never asked. */
  waiting(requestId: string): WaitingRequest | undefined;
  /** Whether the agent has nothing to do. */
  isResting(): boolean;
}

/** Behind these the agent does nothing, and waits for nothing. */
const RESTING: ReadonlySet<string> = new Set(["session.idle", "session.shutdown", "abort"]);
const BUSY: ReadonlySet<string> = new Set([
  "user.message",
  "assistant.turn_start",
  "tool.execution_start",
]);

/** An observer that has seen nothing. */
export function createObserver(): Observer {
  const ids = new Set<string>();
  const counts = new Map<string, number>();
  const requests = new Map<string, WaitingRequest>();
  const observed: Observation[] = [];
  let isResting = false;

  /**
   * The runtime gives an event another id with each attachment, and reports an event twice, with two
   * ids, that Mission Control lists twice: what has no name of its own is known by its place among its
   * like, and one more behind the same one is the same.
   */
  function newsOf(observation: Observation, event: ReportedEvent): Observation | null {
    if (observation.id !== event.id) return ids.has(observation.id) ? null : observation;
    const last = observed.at(-1);
    if (observation.type !== "working" && isAlike(observation, last)) return null;
    const count = (counts.get(observation.type) ?? 0) + 1;
    counts.set(observation.type, count);
    return { ...observation, id: `${observation.type} ${count}` };
  }

  function keep(observation: Observation, event: ReportedEvent): void {
    ids.add(observation.id);
    const isRun = [observed.at(-1), observed.at(-2), observation].every(
      (one) => one?.type === "working",
    );
    if (isRun) observed.pop();
    observed.push(observation);
    if (observation.type === "answered") requests.delete(observation.requestId);
    if (observation.type !== "asked" || ids.has(`answered ${observation.requestId}`)) return;
    const { requestId, asking } = observation;
    requests.set(requestId, { requestId, asking, toolCallId: toolCallIn(event) });
  }

  /**
   * A request's own end may not be reported: that of the tool which asked is, and an agent that has come to
   * rest waits for nothing.
   */
  function settledBy(event: ReportedEvent): Observation[] {
    const completed = event.type === "tool.execution_complete" ? toolCallIn(event) : null;
    const isSettled = (request: WaitingRequest) =>
      RESTING.has(event.type) || (completed !== null && request.toolCallId === completed);
    return Array.from(requests.values())
      .filter(isSettled)
      .map(({ requestId }) => ({
        id: `answered ${requestId}`,
        at: new Date(event.timestamp).toISOString(),
        type: "answered",
        requestId,
      }));
  }

  return {
    observed,
    read(event) {
      if (Number.isNaN(Date.parse(event.timestamp))) return [];
      const news: Observation[] = [];
      if (RESTING.has(event.type)) isResting = true;
      else if (BUSY.has(event.type)) isResting = false;
      for (const observation of [...settledBy(event), ...observationsOf(event)]) {
        const one = newsOf(observation, event);
        if (one === null) continue;
        keep(one, event);
        news.push(one);
      }
      return news;
    },
    waiting: (requestId) => requests.get(requestId),
    isResting: () => isResting,
  };
}

function isAlike(one: Observation, other: Observation | undefined): boolean {
  return other?.type === one.type && contentOf(one) === contentOf(other);
}

function contentOf({ id: _id, at: _at, ...content }: Observation): string {
  return JSON.stringify(content);
}

const toolCallId = z.string().min(1);
const toolCall = z.union([
  z.object({ toolCallId }),
  z
    .object({ permissionRequest: z.object({ toolCallId }) })
    .transform((data) => data.permissionRequest),
]);

function toolCallIn({ data }: ReportedEvent): string | null {
  return toolCall.safeParse(data).data?.toolCallId ?? null;
}
