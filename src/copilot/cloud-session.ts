import { setTimeout } from "node:timers/promises";
import type { CopilotSession } from "@github/copilot-sdk";
import PQueue from "p-queue";
import type { Arrival } from "../core/actor/input.ts";
import type { Failure } from "../core/task/failure.ts";
import type { SessionSetting } from "../core/task/session.ts";
import type { CloudSession, Delivery } from "../ports/copilot.ts";
import { answerRequest } from "./answer.ts";
import type { Dialect } from "./dialect.ts";
import type { EventLog } from "./event-log.ts";
import type { RuntimeLease } from "./lease.ts";
import type { ReadLink } from "./link-reader.ts";
import { failureOfError, refusalOf } from "./refusal-of.ts";
import type { Requests } from "./requests.ts";
import type { CheckedOut } from "./signs.ts";
import { acceptanceOf, deliveredPrompt, reportedLink } from "./signs.ts";

/** How long things may take until they are seen, in milliseconds. */
export interface Confirmation {
  /** For a prompt to arrive. */
  readonly deliveryMs: number;
  /** For the agent to stop, and for a request to be settled. */
  readonly confirmMs: number;
}

/** How sessions are dealt with. */
export interface Expected extends Confirmation {
  readonly linkReader: (sessionId: string) => ReadLink;
}

interface Started extends Expected {
  readonly lease: Pick<RuntimeLease, "displaced">;
  readonly dialect: Pick<Dialect, "arrivesMs" | "canSendAgain" | "canAttach">;
  readonly session: CopilotSession;
  readonly log: EventLog;
  readonly requests: Requests;
  readonly checkedOut: CheckedOut;
  readonly settings: readonly SessionSetting[];
}

/**
 * A session as the bot uses it.
 *
 * `send` proves nothing: it succeeds even when Mission Control refused. The proof of arrival is `user.message`. Where
 * the trouble may pass, an older runtime repeats the prompt by itself, 5, 15, 35, 75 and 155 seconds later, even after
 * a disconnect: a second `send` in that time would double the prompt. So there is one more only after all of them. (It
 * gives up sooner, and as silently, when five commands in a row were answered with 5xx.) A newer one repeats nothing, and
 * nobody can know whether what isn't seen was refused or is late: it's sent once. Before it sends anything, it asks
 * whether the sandbox is enforced; where nobody answers, `send` rejects, and nothing was sent.
 */
export function createCloudSession(started: Started): CloudSession {
  const { session, log, checkedOut, confirmMs } = started;
  const readLink = started.linkReader(session.sessionId);
  const lost = log.closed;
  // A message, or an answer, that is the same as the one before must not be taken for it.
  const messages = new PQueue({ concurrency: 1 });
  const answers = new PQueue({ concurrency: 1 });

  return {
    id: session.sessionId,
    ...checkedOut,
    settings: started.settings,
    canResume: started.dialect.canAttach,
    lost,
    displaced: started.lease.displaced,
    deliver: (prompt, isWanted = () => Promise.resolve(true)) =>
      messages.add(() => deliver(started, prompt, isWanted)),
    say: (text) => messages.add(() => say(started, text)),
    link: (withinMs) =>
      log.first((event) => {
        const reported = reportedLink(event);
        return reported === null ? null : readLink(reported);
      }, withinMs),
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
    canAnswer: (requestId) => started.requests.canAnswer(requestId),
    async detach() {
      const isGone = lost.aborted;
      log.close();
      // A runtime that is gone no longer watches anything.
      if (!isGone) await session.disconnect().catch(() => {});
    },
    hosted: null,
  };
}

async function deliver(
  started: Started,
  prompt: string,
  isWanted: () => Promise<boolean>,
): Promise<Arrival> {
  const { session, log } = started;
  const hasPrompt = async (withinMs: number) => {
    if ((await log.first(deliveredPrompt, withinMs)) !== null) return true;
    if (log.closed.aborted) return false;
    for (const event of await session.getEvents()) log.add(event);
    return (await log.first(deliveredPrompt, 0)) !== null;
  };
  let wanted = true;
  const delivery = await sendUntilSeen(started, async () => {
    if (await hasPrompt(0)) return "seen";
    if (log.closed.aborted) return "unseen";
    wanted = wanted && (await isWanted());
    if (!wanted || log.closed.aborted) return "unseen";
    if (!(await send(session, prompt))) return "unsent";
    return (await hasPrompt(seenMsOf(started))) ? "seen" : "unseen";
  });
  // Somebody may have stopped it meanwhile.
  if (delivery === "unconfirmed") wanted = wanted && (await isWanted());
  if (!wanted && delivery !== "delivered" && delivery !== "unwatched") return "unwanted";
  return delivery === "unconfirmed"
    ? unseenWithin(seenMsOf(started), "it may still arrive")
    : delivery;
}

function say(started: Started, text: string): Promise<Delivery> {
  const { session, log } = started;
  return sendUntilSeen(started, async () => {
    if (log.closed.aborted) return "unseen";
    const arrived = log.next(acceptanceOf(text, log.kept()), seenMsOf(started));
    if (!(await send(session, text))) return "unsent";
    return (await arrived) === null ? "unseen" : "seen";
  });
}

/** How long what was sent may take to be seen. */
function seenMsOf({ deliveryMs, dialect }: Started): number {
  return Math.min(deliveryMs, dialect.arrivesMs);
}

/** A newer runtime's, which then has sent nothing. */
const NOT_SENT = /sandbox enforcement/u;

/** False when it certainly wasn't sent. */
async function send(session: CopilotSession, prompt: string): Promise<boolean> {
  try {
    await session.send({ prompt });
    return true;
  } catch (error) {
    if (NOT_SENT.test(refusalOf(error).message)) return false;
    throw error;
  }
}

/** Before what certainly wasn't sent is sent again. */
const UNSENT_PAUSES_MS = [1_000, 3_000, 9_000];

/**
 * Sends what may have been sent once, or a second time when it can't arrive anymore; and a few times more what certainly
 * wasn't sent.
 */
async function sendUntilSeen(
  started: Started,
  attempt: () => Promise<"seen" | "unseen" | "unsent">,
): Promise<Delivery> {
  const { log, dialect } = started;
  const pauses = [...UNSENT_PAUSES_MS];
  const times = dialect.canSendAgain ? 2 : 1;
  let unseen = 0;
  try {
    while (unseen < times) {
      const came = await attempt();
      if (came === "seen") return "delivered";
      if (log.closed.aborted) return "unwatched";
      const pause = pauses.shift();
      if (came === "unseen") unseen += 1;
      else if (pause === undefined) return NEVER_SENT;
      else await setTimeout(pause, undefined, { ref: false });
    }
    return dialect.canSendAgain ? unseenWithin(seenMsOf(started), "twice") : "unconfirmed";
  } catch (error) {
    if (log.closed.aborted) return "unwatched";
    return { ...failureOfError(error), nothingCreated: false };
  }
}

const NEVER_SENT: Failure = {
  code: "prompt_not_delivered",
  message: "Mission Control doesn't say whether the sandbox is enforced",
  nothingCreated: false,
};

function unseenWithin(seenMs: number, more: string): Failure {
  const message = `no user.message within ${seenMs} ms: ${more}`;
  return { code: "prompt_not_delivered", message, nothingCreated: false };
}
