import type { CopilotSession } from "@github/copilot-sdk";
import type { Failure } from "../core/failure.ts";
import { failureOf } from "../core/refusal.ts";
import type { EventLog } from "./event-log.ts";
import { refusalOf } from "./refusal-of.ts";
import type { CheckedOut } from "./signs.ts";
import { deliveredPrompt, toldLink } from "./signs.ts";

/** A cloud session whose agent has started. */
export interface CloudSession {
  readonly id: string;
  readonly repository: string | null;
  readonly branch: string | null;
  /** Null when the agent was seen to have the prompt. Sends nothing when it has one already. */
  deliver(prompt: string): Promise<Failure | null>;
  /** The link that the session itself tells, or null when it does not within the time. */
  link(withinMs: number): Promise<string | null>;
  /** Stops watching; the session goes on. */
  detach(): Promise<void>;
}

/** A session, its events so far, and what its agent has checked out. */
interface Started {
  readonly session: CopilotSession;
  readonly log: EventLog;
  readonly checkedOut: CheckedOut;
  /** How long a prompt may take until it is seen to have arrived. */
  readonly deliveryMs: number;
}

/**
 * `send` tells nothing: it succeeds even when Mission Control refused, and the runtime repeats it by
 * itself some seconds later. The agent's own `user.message` is the proof.
 */
export function createCloudSession({
  session,
  log,
  checkedOut,
  deliveryMs,
}: Started): CloudSession {
  async function hasPrompt(withinMs: number): Promise<boolean> {
    if ((await log.first(deliveredPrompt, withinMs)) !== null) return true;
    for (const event of await session.getEvents()) log.add(event);
    return (await log.first(deliveredPrompt, 0)) !== null;
  }

  return {
    id: session.sessionId,
    ...checkedOut,
    async deliver(prompt) {
      try {
        if (await hasPrompt(0)) return null;
        await session.send({ prompt });
        if (await hasPrompt(deliveryMs)) return null;
        await session.send({ prompt });
        if (await hasPrompt(deliveryMs)) return null;
      } catch (error) {
        return { ...failureOf(refusalOf(error)), nothingCreated: false };
      }
      return {
        code: "prompt_not_delivered",
        message: `no user.message within ${deliveryMs} ms, twice`,
        nothingCreated: false,
      };
    },
    link: (withinMs) => log.first(toldLink, withinMs),
    async detach() {
      log.close();
      // A runtime that is gone watches nothing any more.
      await session.disconnect().catch(() => {});
    },
  };
}
