import type { Clock } from "./clock.ts";
import type { Budget } from "./graphql/answer.ts";
import type { Reader } from "./graphql/source.ts";
import { repositoryPath } from "./routes.ts";
import type { Answer, Ask, Repository } from "./shapes.ts";
import { failure, trusted } from "./shapes.ts";
import type { State } from "./state.ts";

/** The GraphQL API. */
export interface Queries {
  /** Answers a query; undefined for other requests. `get` asks the REST API in the asker's name. */
  answer(ask: Ask, get: (path: string) => Promise<Answer>): Promise<Answer | undefined>;
}

const hour = 3_600_000;
const limit = 5000;

/**
 * Makes the GraphQL API, of which nobody has asked anything yet; `may` tells whether the asker may
 * read what takes one of these permissions.
 */
export function createQueries(
  state: State,
  clock: Clock,
  may: (ask: Ask, permissions: readonly string[]) => boolean,
): Queries {
  const budgets = new Map<string, Budget>();

  function spend(asker: string): Budget {
    const now = clock.now();
    const last = budgets.get(asker);
    const { used, resetAt } =
      last === undefined || last.resetAt <= now ? { used: 0, resetAt: now + hour } : last;
    const budget = { limit, used: Math.min(limit, used + 1), resetAt };
    budgets.set(asker, budget);
    return budget;
  }

  async function answer(ask: Ask, get: (path: string) => Promise<Answer>) {
    if (ask.path !== "/graphql" || ask.method !== "POST") return undefined;
    // GitHub lets nobody ask who does not say who they are, unlike in its REST API.
    if (ask.authorization === undefined) {
      return failure(401, "This endpoint requires you to be authenticated.");
    }
    // An App itself has no data to ask about: only its installations have.
    if (/^(?:bearer|token)\s+eyJ/i.test(ask.authorization)) return failure(401, "Bad credentials");
    const see: Reader["see"] = async (name, followRenames) => {
      let seen = await get(repositoryPath(name));
      const { location } = seen.headers;
      if (seen.status === 301 && followRenames && location !== undefined) {
        seen = await get(new URL(location).pathname.replace(/^\/api\/v3/, ""));
      }
      return seen.status === 200 ? trusted<Repository>(seen.body) : undefined;
    };
    // The schema takes a while to build, so those who ask nothing do not wait for it.
    const { answerQuery } = await import("./graphql/answer.ts");
    const reader = { state, see, may: (permissions: readonly string[]) => may(ask, permissions) };
    return answerQuery(ask, reader, spend(ask.authorization));
  }

  return { answer };
}
