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
 * Mission Control has this follow-up: the runtime reports it at once, without a source. The agent reports
 * it again, with one, when it takes it; that may be of an earlier one with the same words.
 */
export function acceptedText(event: SessionEvent, text: string): true | null {
  if (event.type !== "user.message" || event.data.source !== undefined) return null;
  return event.data.content === text ? true : null;
}

/** The link that the agent reports, once, some time after its start; whatever it is. */
export function reportedLink(event: SessionEvent): string | null {
  if (event.type !== "session.info" || event.data.infoType !== "remote") return null;
  return event.data.url ?? null;
}
