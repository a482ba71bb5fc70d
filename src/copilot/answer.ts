import type { CopilotSession } from "@github/copilot-sdk";
import { takesAnswer } from "../core/session/request.ts";
import type { Asking } from "../core/task/asking.ts";
import type { RequestAnswer } from "../ports/copilot.ts";
import type { EventLog } from "./event-log.ts";
import type { WaitingRequest } from "./observer.ts";
import type { Requests } from "./requests.ts";

interface Parts {
  readonly session: CopilotSession;
  readonly log: EventLog;
  readonly requests: Requests;
  /** How long an answer may take until the request is seen to be settled. */
  readonly confirmMs: number;
}

/** The runtime sends an answer once, and calls that a success even when it was refused. */
const PERMISSION_TRIES = 2;

/**
 * Answers a request, and waits until it is seen to be settled.
 *
 * @returns `unreachable` too when nothing was seen of it in time
 */
export async function answerRequest(
  { session, log, requests, confirmMs }: Parts,
  requestId: string,
  answer: RequestAnswer,
): Promise<"answered" | "not_waiting" | "unreachable"> {
  const waiting = log.waiting(requestId);
  if (waiting === undefined) return "not_waiting";
  if (!requests.canAnswer(requestId) || !takesAnswer(waiting)) return "unreachable";
  const tries = waiting.asking.type === "permission" ? PERMISSION_TRIES : 1;
  for (let count = 0; count < tries; count += 1) {
    const settled = log.next(() => (log.waiting(requestId) === undefined ? true : null), confirmMs);
    if (!(await give({ session, requests }, waiting, answer))) return "unreachable";
    if ((await settled) !== null) return "answered";
  }
  requests.takeBack(requestId);
  return "unreachable";
}

async function give(
  { session, requests }: Pick<Parts, "session" | "requests">,
  { requestId, asking }: WaitingRequest,
  answer: RequestAnswer,
): Promise<boolean> {
  switch (asking.type) {
    case "permission": {
      const result = decisionOf(answer);
      const decision = { requestId, result };
      return (await session.rpc.permissions.handlePendingPermissionRequest(decision)).success;
    }
    case "question":
      return requests.answerQuestion(session, requestId, wordsOf(asking, answer));
    case "plan":
      return requests.answerPlan(session, requestId, reviewOf(asking, answer));
    default:
      return asking satisfies never;
  }
}

function decisionOf({ approved, text }: RequestAnswer) {
  if (approved) return { kind: "approve-once" } as const;
  return { kind: "reject", ...(text === undefined ? {} : { feedback: text }) } as const;
}

/** The runtime has no way to say that a question is skipped. */
const DECLINED = "The user declined to answer";

function wordsOf(
  { choices }: Extract<Asking, { type: "question" }>,
  { approved, text = approved ? "Yes" : "" }: RequestAnswer,
) {
  // Words that go with it must not be taken for the answer, nor for one of the choices.
  if (!approved) {
    const answer = text === "" ? `${DECLINED}.` : `${DECLINED}: ${text}`;
    return { answer, wasFreeform: true };
  }
  const choice = choices.find((one) => isSame(one, text));
  return { answer: choice ?? text, wasFreeform: choice === undefined };
}

function reviewOf(
  { actions }: Extract<Asking, { type: "plan" }>,
  { approved, text }: RequestAnswer,
) {
  const chosen = actions.find((action) => text !== undefined && isSame(action, text));
  const action = chosen ?? actions[0];
  const selected = approved && action !== undefined ? { selectedAction: action } : {};
  const remark = text !== undefined && chosen === undefined ? { feedback: text } : {};
  return { approved, ...selected, ...remark };
}

function isSame(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}
