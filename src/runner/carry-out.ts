import type { Order } from "../core/order.ts";
import { inlineCode, plainLine } from "../core/plain-text.ts";
import { isShownWhole } from "../core/report.ts";
import type { Progress } from "../core/progress.ts";
import { codeOf } from "./followed.ts";
import type { CloudSession } from "./ports.ts";

/** An answer names the request that it is for, as the comment shows it. */
const NAMED = /^(?<code>[0-9a-f]{4})(?:\s+(?<words>.*))?$/su;

/** What came of an order. */
export interface CarriedOut {
  /** One line of Markdown for the comment; null when there is nothing to say. */
  readonly note: string | null;
  /** The agent has got words to work on, even where its session was over. */
  readonly isAtWork: boolean;
}

/** Carries out an order to a session. */
export async function carryOut(
  order: Order,
  session: CloudSession,
  progress: Progress,
): Promise<CarriedOut> {
  const by = inlineCode(order.requester);
  switch (order.type) {
    case "stop":
      return { note: STOPPED[await session.abort()](by), isAtWork: false };
    case "send": {
      const delivery = await session.say(order.text);
      return { note: sent(delivery, by), isAtWork: delivery === "delivered" };
    }
    case "approve":
    case "deny":
      return { note: await answer(order, session, progress), isAtWork: false };
    case "status":
    case "resume":
    case "pull_request":
      return { note: null, isAtWork: false };
    default:
      return order.type satisfies never;
  }
}

/**
 * What is told of orders that were begun by somebody who was cut off: nobody knows what came of them, and
 * a second time might be one too many. Null when there is nothing to say.
 */
export function noteOnCutOff(orders: readonly Order[]): string | null {
  const notes = orders.map(({ type, requester }) => UNKNOWN[type]?.(inlineCode(requester)));
  const told = notes.filter((note) => note !== undefined);
  return told.length === 0 ? null : told.join(" ");
}

const UNKNOWN: Partial<Record<Order["type"], By>> = {
  send: unknownWords,
  stop: (by) =>
    `It is not known whether ${by} has stopped it: the bot was cut off from it. If it goes on, stop it again.`,
  approve: unknownAnswer,
  deny: unknownAnswer,
};

function unknownWords(by: string): string {
  return `It is not known whether what ${by} wrote reached the session: the bot was cut off from it. Look in Mission Control before you write it again.`;
}

function unknownAnswer(by: string): string {
  return `It is not known whether the answer of ${by} reached the session: the bot was cut off from it. If the agent still asks, answer again.`;
}

type By = (by: string) => string;

const STOPPED: Record<Awaited<ReturnType<CloudSession["abort"]>>, By> = {
  aborted: (by) => `${by} has stopped it.`,
  unconfirmed: (by) =>
    `${by} wants it stopped; the session has not confirmed that. Mission Control can stop it too.`,
  unreachable: (by) => `${by} wants it stopped, but the session could not be reached.`,
};

function sent(delivery: Awaited<ReturnType<CloudSession["say"]>>, by: string): string {
  if (delivery === "delivered") return `${by} has written to the session, and it has arrived.`;
  if (delivery === "unwatched" || delivery.code !== "prompt_not_delivered") return unknownWords(by);
  return `What ${by} wrote to the session has not arrived. Write it again, or in Mission Control.`;
}

async function answer(
  { type, text, requester }: Order,
  session: CloudSession,
  { asking }: Progress,
): Promise<string> {
  const by = inlineCode(requester);
  const { code = "", words = "" } = NAMED.exec(text.trim())?.groups ?? {};
  const meant = [...asking.keys()].find((requestId) => codeOf(requestId) === code);
  if (asking.size === 0) return `${by} answered, but the agent waits for no answer.`;
  if (meant === undefined) {
    return `${by} answered something that the agent does not ask now. What it asks is named below.`;
  }
  const approved = type === "approve";
  const asked = asking.get(meant);
  if (approved && asked !== undefined && !isShownWhole(asked)) {
    return `What the agent asks is too long to be shown here: ${by} can approve it in Mission Control.`;
  }
  const said = words.trim() === "" ? {} : { text: words.trim() };
  const came = await session.answer(meant, { approved, ...said });
  if (came === "not_waiting") return `${by} answered, but the agent waits for no answer any more.`;
  if (came === "unreachable")
    return `The answer of ${by} could not be given: answer in Mission Control.`;
  const shown = words.trim() === "" ? "" : `: ${inlineCode(plainLine(words, 200))}`;
  return `${by} ${approved ? "approved" : "denied"} what the agent asked${shown}.`;
}
