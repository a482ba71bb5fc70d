import type { SessionEvent } from "@github/copilot-sdk";

/** What a session says it has checked out. */
export interface CheckedOut {
  readonly repository: string | null;
  readonly branch: string | null;
}

/**
 * The remote agent is ready: `session.start` by `copilot-agent`. Mission Control may send a
 * `session.start` of its own before, and a prompt sent then is dropped.
 */
export function readyAgent(event: SessionEvent): CheckedOut | null {
  if (event.type !== "session.start" || event.data.producer !== "copilot-agent") return null;
  const { repository, branch } = event.data.context ?? {};
  return { repository: repository ?? null, branch: branch ?? null };
}

/** The agent has a prompt. */
export function deliveredPrompt(event: SessionEvent): true | null {
  return event.type === "user.message" ? true : null;
}

/**
 * Finds the event which shows that Mission Control has a follow-up that is about to be sent. Mostly, the runtime reports
 * it at once, without a source, and the agent reports it with one when it takes it. If Mission Control's answer got lost,
 * only the agent reports it.
 *
 * @param past the messages so far: what the agent takes next may be an earlier one with the same words
 */
export function acceptanceOf(
  text: string,
  past: readonly SessionEvent[],
): (event: SessionEvent) => true | null {
  let untaken = 0;
  for (const event of past) {
    const by = reporterOf(event, text);
    if (by === "runtime") untaken += 1;
    else if (by === "agent") untaken = Math.max(0, untaken - 1);
  }
  return (event) => {
    const by = reporterOf(event, text);
    if (by === "agent" && untaken > 0) untaken -= 1;
    else if (by !== null) return true;
    return null;
  };
}

/** Who reports a message with these words. */
function reporterOf(event: SessionEvent, text: string): "runtime" | "agent" | null {
  if (event.type !== "user.message" || event.data.content !== text) return null;
  return event.data.source === undefined ? "runtime" : "agent";
}

/** The link that the agent reports, once, some time after its start; whatever it is. */
export function reportedLink(event: SessionEvent): string | null {
  if (event.type !== "session.info" || event.data.infoType !== "remote") return null;
  return event.data.url ?? null;
}
