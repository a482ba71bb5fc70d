import { LRUCache } from "lru-cache";
import type { RequestBudget } from "../core/metrics/measured.ts";

/** How many requests GitHub still takes, from whom it takes the fewest. */
export interface Budgets {
  /** What a client was last said to have left. */
  note(client: object, budget: RequestBudget): void;
  /** For each resource the one of which the smallest part is left. */
  lowest(): readonly RequestBudget[];
}

/** One for each installation, of those that were asked for last. */
const MAX_CLIENTS = 1_000;

type ByResource = Map<RequestBudget["resource"], RequestBudget>;

/** Each installation has budgets of its own, and there may be thousands: only the lowest can be metrics. */
export function createBudgets(now: () => number): Budgets {
  const clients = new LRUCache<object, ByResource>({ max: MAX_CLIENTS });

  return {
    note(client, budget) {
      const known: ByResource = clients.get(client) ?? new Map();
      known.set(budget.resource, budget);
      clients.set(client, known);
    },
    lowest() {
      const lowest: ByResource = new Map();
      for (const budgets of clients.values()) {
        for (const budget of budgets.values()) {
          // GitHub has begun to count anew since.
          if (budget.resetAt <= now()) continue;
          const other = lowest.get(budget.resource);
          if (other === undefined || partLeft(budget) < partLeft(other)) {
            lowest.set(budget.resource, budget);
          }
        }
      }
      return [...lowest.values()];
    },
  };
}

function partLeft({ remaining, limit }: RequestBudget): number {
  return remaining / Math.max(1, limit);
}
