import type { SessionConfig } from "@github/copilot-sdk";
import type { Asking, Observation } from "../core/observation.ts";
import { planIn, questionIn } from "../core/observation.ts";
import type { EventLog } from "./event-log.ts";

type Handlers = Required<
  Pick<SessionConfig, "onPermissionRequest" | "onUserInputRequest" | "onExitPlanModeRequest">
>;
type QuestionAnswer = Awaited<ReturnType<Handlers["onUserInputRequest"]>>;
type PlanAnswer = Awaited<ReturnType<Handlers["onExitPlanModeRequest"]>>;

/** The requests of the agent's that the runtime hands to the bot, until they are settled. */
export interface Requests {
  /** For the session's configuration. */
  readonly handlers: Handlers;
  /** False when the runtime has not handed over this question, or not to this bot. */
  answerQuestion(requestId: string, answer: QuestionAnswer): Promise<boolean>;
  answerPlan(requestId: string, answer: PlanAnswer): Promise<boolean>;
}

/**
 * Holds the requests of a session, however long their answers take.
 *
 * A permission is answered by its id, whenever that is. For questions and plans the runtime has no such
 * call: the answer is what its own call of a handler comes back with. What is never answered is left
 * to people in Mission Control; to reject would tell the agent that the user could not respond.
 */
export function createRequests(log: EventLog): Requests {
  const questions = createHeld<QuestionAnswer>();
  const plans = createHeld<PlanAnswer>();
  log.observe((observation) => {
    questions.observe(observation);
    plans.observe(observation);
  });
  return {
    handlers: {
      onPermissionRequest: () => ({ kind: "no-result" }),
      onUserInputRequest: (request) => questions.hold(questionIn(request)),
      onExitPlanModeRequest: (request) => plans.hold(planIn(request)),
    },
    answerQuestion: (requestId, answer) => questions.answer(requestId, answer),
    answerPlan: (requestId, answer) => plans.answer(requestId, answer),
  };
}

/** The runtime's call and the event of a request come in any order, close to each other. */
const CALL_MS = 2_000;

/**
 * The runtime's calls name no request: call and event are brought together by what they ask. Where two
 * requests ask the same, both get the answer; one that was settled before is not heard by the agent.
 */
function createHeld<Answer>() {
  const asked = new Map<string, string>();
  const calls = new Map<string, ((answer: Answer) => void)[]>();
  const looking = new Set<() => void>();

  function give(asks: string, answer: Answer): boolean {
    for (const resolve of calls.get(asks) ?? []) resolve(answer);
    return calls.delete(asks);
  }

  return {
    hold(asking: Asking | null): Promise<Answer> {
      const { promise, resolve } = Promise.withResolvers<Answer>();
      const asks = JSON.stringify(asking);
      calls.set(asks, [...(calls.get(asks) ?? []), resolve]);
      for (const look of looking) look();
      return promise;
    },
    observe(observation: Observation): void {
      if (observation.type === "asked") {
        asked.set(observation.requestId, JSON.stringify(observation.asking));
      } else if (observation.type === "answered") {
        const asks = asked.get(observation.requestId) ?? "";
        asked.delete(observation.requestId);
        if (![...asked.values()].includes(asks)) calls.delete(asks);
      }
    },
    answer(requestId: string, answer: Answer): Promise<boolean> {
      const asks = asked.get(requestId) ?? "";
      return new Promise((resolve) => {
        const end = (isGiven: boolean) => {
          clearTimeout(timer);
          looking.delete(look);
          resolve(isGiven);
        };
        const look = () => {
          if (give(asks, answer)) end(true);
        };
        const timer = setTimeout(() => end(false), CALL_MS);
        looking.add(look);
        look();
      });
    },
  };
}
