import type { Clock } from "./clock.ts";
import type { Answer } from "./shapes.ts";

/** The requests or points an hour that GitHub gives to an installation or a person. */
export interface Budget {
  readonly limit: number;
  readonly used: number;
  /** When the hour is over, in milliseconds since the epoch. */
  readonly resetAt: number;
}

/** One of the APIs, each of which has its own budget. */
type Resource = "core" | "graphql";

/** Takes one request from a budget: how it stands then. */
export type Spend = (authorization: string | undefined, resource: Resource) => Budget;

const HOUR_MS = 3_600_000;
const LIMIT = 5000;

/** Makes budgets of which nobody has used anything. */
export function createBudgets(clock: Clock): Spend {
  const budgets = new Map<string, Budget>();
  return (authorization = "", resource) => {
    const now = clock.now();
    const key = `${resource} ${authorization}`;
    const last = budgets.get(key);
    const isOver = last === undefined || last.resetAt <= now;
    const { used, resetAt } = isOver ? { used: 0, resetAt: now + HOUR_MS } : last;
    const budget = { limit: LIMIT, used: Math.min(LIMIT, used + 1), resetAt };
    budgets.set(key, budget);
    return budget;
  };
}

/** The answer with the headers that show how a budget stands. */
export function withBudget(
  answer: Answer,
  { limit, used, resetAt }: Budget,
  resource: Resource,
): Answer {
  const headers = {
    "x-ratelimit-limit": `${limit}`,
    "x-ratelimit-remaining": `${limit - used}`,
    "x-ratelimit-reset": `${Math.ceil(resetAt / 1000)}`,
    "x-ratelimit-resource": resource,
    "x-ratelimit-used": `${used}`,
  };
  return { ...answer, headers: { ...answer.headers, ...headers } };
}
