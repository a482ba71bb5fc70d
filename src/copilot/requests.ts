import type { CopilotSession, SessionConfig } from "@github/copilot-sdk";
import type { Observation } from "../core/session/observation.ts";
import type { Asking } from "../core/task/asking.ts";
import { planIn, questionIn } from "../core/session/question.ts";
import type { EventLog } from "./event-log.ts";

type Handlers = Required<
  Pick<SessionConfig, "onPermissionRequest" | "onUserInputRequest" | "onExitPlanModeRequest">
>;
type QuestionAnswer = Awaited<ReturnType<Handlers["onUserInputRequest"]>>;
type PlanAnswer = Awaited<ReturnType<Handlers["onExitPlanModeRequest"]>>;

/** The requests of an agent, and how they're answered. */
export interface Requests {
  /** For the session's configuration: what it takes that they can be answered. */
  readonly options: Partial<SessionConfig>;
  /** False when the answer can't be given from here. */
  answerQuestion(
    session: CopilotSession,
    requestId: string,
    answer: QuestionAnswer,
  ): Promise<boolean>;
  answerPlan(session: CopilotSession, requestId: string, answer: PlanAnswer): Promise<boolean>;
  /** Takes an answer back that the agent hasn't got yet. */
  takeBack(requestId: string): void;
  /** Takes in what happened before this attachment: the runtime hands over none of it. */
  takePast(take: () => void): void;
  /** False for a request that only people in Mission Control can answer. */
  canAnswer(requestId: string): boolean;
}

/** What can follow a plan, by the newer family's words. */
const ACTIONS = ["exit_only", "interactive", "autopilot", "autopilot_fleet"] as const;

/** For the newer family: every request is answered by a call that names it, whenever it was asked. */
export function createCalledRequests(): Requests {
  return {
    options: {},
    async answerQuestion(session, requestId, response) {
      return (await session.rpc.ui.handlePendingUserInput({ requestId, response })).success;
    },
    async answerPlan(session, requestId, { selectedAction, ...answer }) {
      const action = ACTIONS.find((one) => one === selectedAction);
      const response = { ...answer, ...(action === undefined ? {} : { selectedAction: action }) };
      return (await session.rpc.ui.handlePendingExitPlanMode({ requestId, response })).success;
    },
    takeBack() {},
    takePast: (take) => take(),
    canAnswer: () => true,
  };
}

/**
 * For the older family: holds the requests of a session, however long their answers take.
 *
 * A permission is answered by its id, whenever that is. For questions and plans the runtime has no such
 * call: the answer is what its own call of a handler comes back with. What is never answered is left
 * to people in Mission Control; to reject would make the agent believe that the user could not respond.
 */
export function createHeldRequests(log: EventLog): Requests {
  const questions = createHeld<QuestionAnswer>();
  const plans = createHeld<PlanAnswer>();
  const missed = new Set<string>();
  let isPast = false;
  log.observe((observation) => {
    questions.observe(observation);
    plans.observe(observation);
    if (!isPast || observation.type !== "asked") return;
    if (observation.asking.type !== "permission") missed.add(observation.requestId);
  });
  return {
    options: {
      onPermissionRequest: () => ({ kind: "no-result" }),
      onUserInputRequest: (request) => questions.hold(questionIn(request)),
      onExitPlanModeRequest: (request) => plans.hold(planIn(request)),
    } satisfies Handlers,
    answerQuestion: (_session, requestId, answer) => questions.answer(requestId, answer),
    answerPlan: (_session, requestId, answer) => plans.answer(requestId, answer),
    takeBack(requestId) {
      questions.takeBack(requestId);
      plans.takeBack(requestId);
    },
    takePast(take) {
      isPast = true;
      take();
      isPast = false;
    },
    canAnswer: (requestId) => !missed.has(requestId),
  };
}

/** How long a question or a plan can be, in characters, and how many wait for an answer. */
const MAX_ASKING = 2 ** 20;
const MAX_CALLS = 64;

interface GivenAnswer<Answer> {
  readonly asks: string;
  readonly answer: Answer;
}

/**
 * The runtime's calls name no request: call and event are brought together by what they ask. Where two
 * requests ask the same, both get the answer; one that was settled before is not heard by the agent.
 *
 * Call and event come in any order: an answer that's given before its call waits for it, until the request is settled or
 * the answer is taken back.
 */
function createHeld<Answer>() {
  const asked = new Map<string, string>();
  const calls = new Map<string, ((answer: Answer) => void)[]>();
  const given = new Map<string, GivenAnswer<Answer>>();

  function takeGiven(asking: string): GivenAnswer<Answer> | undefined {
    const found = [...given].find(([, { asks }]) => asks === asking);
    if (found !== undefined) given.delete(found[0]);
    return found?.[1];
  }

  return {
    hold(asking: Asking | null): Promise<Answer> {
      const asks = JSON.stringify(asking);
      const early = takeGiven(asks);
      if (early !== undefined) return Promise.resolve(early.answer);
      // An agent asks one after the other.
      if (asks.length > MAX_ASKING || calls.size >= MAX_CALLS)
        return Promise.reject(new Error("too much is asked at once"));
      const { promise, resolve } = Promise.withResolvers<Answer>();
      calls.set(asks, [...(calls.get(asks) ?? []), resolve]);
      return promise;
    },
    observe(observation: Observation): void {
      if (observation.type === "asked") {
        asked.set(observation.requestId, JSON.stringify(observation.asking));
      } else if (observation.type === "answered") {
        const asks = asked.get(observation.requestId) ?? "";
        asked.delete(observation.requestId);
        given.delete(observation.requestId);
        if (![...asked.values()].includes(asks)) calls.delete(asks);
      }
    },
    answer(requestId: string, answer: Answer): Promise<true> {
      const asks = asked.get(requestId) ?? "";
      for (const resolve of calls.get(asks) ?? []) resolve(answer);
      if (!calls.delete(asks)) given.set(requestId, { asks, answer });
      return Promise.resolve(true);
    },
    takeBack: (requestId: string) => void given.delete(requestId),
  };
}
