import type { CopilotSession } from "@github/copilot-sdk";
import PQueue from "p-queue";
import type { Failure } from "../core/failure.ts";
import type { Observation } from "../core/observation.ts";
import { failureOf } from "../core/refusal.ts";
import type { Answer } from "./answer.ts";
import { answerRequest } from "./answer.ts";
import type { EventLog } from "./event-log.ts";
import { refusalOf } from "./refusal-of.ts";
import type { Requests } from "./requests.ts";
import type { CheckedOut } from "./signs.ts";
import { acceptedText, deliveredPrompt, toldLink } from "./signs.ts";

/** A cloud session whose agent has started. */
export interface CloudSession {
  readonly id: string;
  readonly repository: string | null;
  readonly branch: string | null;
  /**
   * Sends nothing when the agent has a prompt already, or the prompt is not wanted any more: it asks
   * before it sends, each time.
   */
  deliver(prompt: string, isWanted?: () => Promise<boolean>): Promise<Delivery | "unwanted">;
  /** The link that the session itself tells, or null when it does not within the time. */
  link(withinMs: number): Promise<string | null>;
  /**
   * Tells all that was observed so far, in the order of its time, and then what is observed: each
   * once, the late ones late.
   *
   * @returns ends it
   */
  observe(listener: (observation: Observation) => void): () => void;
  /** Aborted when nobody watches any more: the runtime is gone, or the bot let go of the session. */
  readonly lost: AbortSignal;
  /**
   * Sends a follow-up. Delivered means that Mission Control has it: an agent that waits for an answer,
   * or is in the middle of something, takes it when that is over; an abort drops it.
   */
  say(text: string): Promise<Delivery>;
  /** Stops what the agent is doing; the session stays. */
  abort(): Promise<"aborted" | "unconfirmed" | "unreachable">;
  /**
   * Answers a request of the agent.
   *
   * `not_waiting`: nothing waits for this answer, because it is settled or was never asked.
   */
  answer(requestId: string, answer: Answer): Promise<"answered" | "not_waiting" | "unreachable">;
  /** Stops watching; the session goes on, and its requests are left to people in Mission Control. */
  detach(): Promise<void>;
}

/**
 * What came of a prompt: it was seen to have arrived, it did not arrive, or nobody looks any more,
 * because the runtime is gone or the bot let go of the session.
 */
export type Delivery = "delivered" | "unwatched" | Failure;

/** How long things may take until they are seen, in milliseconds. */
export interface Confirmation {
  /** For a prompt to arrive. */
  readonly deliveryMs: number;
  /** For the agent to stop, and for a request to be settled. */
  readonly confirmMs: number;
}

interface Started extends Confirmation {
  readonly session: CopilotSession;
  readonly log: EventLog;
  readonly requests: Requests;
  readonly checkedOut: CheckedOut;
}

/**
 * A session as the bot uses it.
 *
 * `send` tells nothing: it succeeds even when Mission Control refused. Where the trouble may pass, the
 * runtime repeats the prompt by itself, 5, 15, 35, 75 and 155 seconds later, even after a disconnect: a
 * second `send` in that time would double the prompt. So there is one more only after all of them. (It
 * gives up sooner, and as silently, when five commands in a row were answered with 5xx.) The proof of
 * arrival is `user.message`.
 */
export function createCloudSession(started: Started): CloudSession {
  const { session, log, checkedOut, confirmMs } = started;
  const lost = log.closed;
  // A message, or an answer, that is the same as the one before must not be taken for it.
  const messages = new PQueue({ concurrency: 1 });
  const answers = new PQueue({ concurrency: 1 });

  return {
    id: session.sessionId,
    ...checkedOut,
    lost,
    deliver: (prompt, isWanted = () => Promise.resolve(true)) =>
      messages.add(() => deliver(started, prompt, isWanted)),
    say: (text) => messages.add(() => say(started, text)),
    link: (withinMs) => log.first(toldLink, withinMs),
    observe: (listener) => log.observe(listener),
    async abort() {
      if (lost.aborted) return "unreachable";
      const aborted = log.next(() => (log.isResting() ? true : null), confirmMs);
      const accepted = session.rpc.abort({}).then(
        ({ success }) => success,
        () => false,
      );
      if ((await Promise.race([aborted, accepted])) === false) return "unreachable";
      // An agent that does nothing says nothing when it is stopped.
      if (log.isResting() || (await aborted) !== null) return "aborted";
      return lost.aborted ? "unreachable" : "unconfirmed";
    },
    answer: (requestId, answer) =>
      answers.add(async () => {
        if (lost.aborted) return "unreachable";
        // The runtime may be gone any time.
        return answerRequest(started, requestId, answer).catch(() => "unreachable" as const);
      }),
    async detach() {
      const isGone = lost.aborted;
      log.close();
      // A runtime that is gone watches nothing any more.
      if (!isGone) await session.disconnect().catch(() => {});
    },
  };
}

async function deliver(
  started: Started,
  prompt: string,
  isWanted: () => Promise<boolean>,
): Promise<Delivery | "unwanted"> {
  const { session, log, deliveryMs } = started;
  const hasPrompt = async (withinMs: number) => {
    if ((await log.first(deliveredPrompt, withinMs)) !== null) return true;
    if (log.closed.aborted) return false;
    for (const event of await session.getEvents()) log.add(event);
    return (await log.first(deliveredPrompt, 0)) !== null;
  };
  let wanted = true;
  const delivery = await sendTwice(started, async () => {
    if (await hasPrompt(0)) return true;
    if (log.closed.aborted) return false;
    wanted = wanted && (await isWanted());
    if (!wanted || log.closed.aborted) return false;
    await session.send({ prompt });
    return hasPrompt(deliveryMs);
  });
  return wanted || delivery === "delivered" || delivery === "unwatched" ? delivery : "unwanted";
}

function say(started: Started, text: string): Promise<Delivery> {
  const { session, log, deliveryMs } = started;
  return sendTwice(started, async () => {
    if (log.closed.aborted) return false;
    const arrived = log.next((event) => acceptedText(event, text), deliveryMs);
    await session.send({ prompt: text });
    return (await arrived) !== null;
  });
}

/** @param send resolves with whether what was sent was seen to have arrived */
async function sendTwice(
  { log, deliveryMs }: Started,
  send: () => Promise<boolean>,
): Promise<Delivery> {
  try {
    if ((await send()) || (await send())) return "delivered";
    return log.closed.aborted ? "unwatched" : notDelivered(deliveryMs);
  } catch (error) {
    if (log.closed.aborted) return "unwatched";
    return { ...failureOf(refusalOf(error)), nothingCreated: false };
  }
}

function notDelivered(deliveryMs: number): Failure {
  const message = `no user.message within ${deliveryMs} ms, twice`;
  return { code: "prompt_not_delivered", message, nothingCreated: false };
}
