import type { Answer } from "./shapes.ts";
import { json } from "./shapes.ts";

/** Which requests of the bot fail; a string is the whole path, without `/api/v3` and query. */
export interface FaultMatch {
  readonly method: string;
  readonly path: RegExp | string;
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

/** The faults that wait for their request. */
export interface Faults {
  readonly failNext: (match: FaultMatch, answer: FaultAnswer, times?: number) => void;
  /** The fault for this request, used up by one. */
  take(method: string, path: string): FaultAnswer | undefined;
}

/** Makes an empty list of faults; the oldest that matches is used first. */
export function createFaults(): Faults {
  const waiting: { match: FaultMatch; answer: FaultAnswer; times: number }[] = [];
  return {
    failNext(match, answer, times = 1) {
      waiting.push({ match, answer, times });
    },
    take(method, path) {
      const fault = waiting.find(({ match, times }) => times > 0 && matches(match, method, path));
      if (fault === undefined) return undefined;
      fault.times -= 1;
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
