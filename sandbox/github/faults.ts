import type { Answer } from "./shapes.ts";
import { json } from "./shapes.ts";

/** Which requests of the bot fail; a string is the whole path, without `/api/v3` and query. */
export interface FaultMatch {
  readonly method: string;
  readonly path: RegExp | string;
  /** What must stand in the request's body: GraphQL queries all have one path. */
  readonly body?: RegExp;
}

/**
 * How a request fails: an answer of your own (`performed`: after GitHub did what was asked),
 * the connection closed before or after GitHub did it, or no answer at all.
 */
export type FaultAnswer =
  | {
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
      readonly performed?: boolean;
    }
  | "drop"
  | "perform and drop"
  | "hang";

/** A fault that waits for its request. */
export interface WaitingFault {
  /** Resolves when the first request met it. */
  readonly met: Promise<void>;
}

/** The faults that wait for their request. */
export interface Faults {
  readonly failNext: (match: FaultMatch, answer: FaultAnswer, times?: number) => WaitingFault;
  /** Stops all faults. */
  forgetFaults(): void;
  /** The fault for this request, used up by one. */
  take(method: string, path: string, body?: unknown): FaultAnswer | undefined;
}

interface Waiting {
  readonly match: FaultMatch;
  readonly answer: FaultAnswer;
  times: number;
  readonly meet: () => void;
}

/** Makes an empty list of faults; the oldest that matches is used first. */
export function createFaults(): Faults {
  const waiting: Waiting[] = [];
  return {
    failNext(match, answer, times = 1) {
      const { promise: met, resolve } = Promise.withResolvers<void>();
      waiting.push({ match, answer, times, meet: resolve });
      return { met };
    },
    forgetFaults: () => void waiting.splice(0),
    take(method, path, body) {
      const isFor = ({ match, times }: Waiting) =>
        times > 0 &&
        matches(match, method, path) &&
        (match.body === undefined || match.body.test(JSON.stringify(body ?? null)));
      const fault = waiting.find(isFor);
      if (fault === undefined) return undefined;
      fault.times -= 1;
      fault.meet();
      return fault.answer;
    },
  };
}

/** The answer of a fault that has one. */
export function answerOf(fault: Exclude<FaultAnswer, string>): Answer {
  const { status, body = { message: "Server Error" }, headers = {} } = fault;
  const answer = json(status, body);
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

function matches(match: FaultMatch, method: string, path: string): boolean {
  if (match.method.toUpperCase() !== method) return false;
  if (typeof match.path === "string") return match.path === path;
  return path.search(match.path) !== -1;
}
