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
  /** Sends nothing when the agent has a prompt already. */
  deliver(prompt: string): Promise<Delivery>;
  /** The link that the session itself tells, or null when it does not within the time. */
  link(withinMs: number): Promise<string | null>;
  /** Stops watching; the session goes on. */
  detach(): Promise<void>;
}

/**
 * What came of a prompt: it was seen to have arrived, it did not arrive, or nobody looks any more,
 * because the runtime is gone or the bot let go of the session.
 */
export type Delivery = "delivered" | "unwatched" | Failure;

interface Started {
  readonly session: CopilotSession;
  readonly log: EventLog;
  readonly checkedOut: CheckedOut;
  /** Aborted when the runtime process is gone. */
  readonly gone: AbortSignal;
  /** How long a prompt may take until it is seen to have arrived. */
  readonly deliveryMs: number;
}

/**
 * A session as the bot uses it.
 *
 * `send` tells nothing: it succeeds even when Mission Control refused. Where the trouble may pass, the
 * runtime repeats the prompt by itself, 5, 15, 35, 75 and 155 seconds later, even after a disconnect: a
 * second `send` in that time would double the prompt. So there is one more only after all of them. The
 * proof of arrival is `user.message`.
 */
export function createCloudSession(started: Started): CloudSession {
  const { session, log, checkedOut, gone, deliveryMs } = started;

  let detached = false;
  const unwatched = () => detached || gone.aborted;

  async function hasPrompt(withinMs: number): Promise<boolean> {
    if ((await log.first(deliveredPrompt, withinMs)) !== null) return true;
    if (unwatched()) return false;
    for (const event of await session.getEvents()) log.add(event);
    return (await log.first(deliveredPrompt, 0)) !== null;
  }

  async function send(prompt: string): Promise<boolean> {
    if (unwatched()) return false;
    await session.send({ prompt });
    return hasPrompt(deliveryMs);
  }

  return {
    id: session.sessionId,
    ...checkedOut,
    async deliver(prompt) {
      try {
        const arrived = (await hasPrompt(0)) || (await send(prompt)) || (await send(prompt));
        if (arrived) return "delivered";
        return unwatched() ? "unwatched" : notDelivered(deliveryMs);
      } catch (error) {
        if (unwatched()) return "unwatched";
        return { ...failureOf(refusalOf(error)), nothingCreated: false };
      }
    },
    link: (withinMs) => log.first(toldLink, withinMs),
    async detach() {
      detached = true;
      log.close();
      // A runtime that is gone watches nothing any more.
      if (!gone.aborted) await session.disconnect().catch(() => {});
    },
  };
}

function notDelivered(deliveryMs: number): Failure {
  const message = `no user.message within ${deliveryMs} ms, twice`;
  return { code: "prompt_not_delivered", message, nothingCreated: false };
}
