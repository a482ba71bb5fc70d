import { LRUCache } from "lru-cache";
import type { ViewerGitHub, ViewerScope } from "../ports/viewing.ts";
import type { WebSession } from "../ports/web-sessions.ts";

/** Over all sessions: each takes about 200 bytes. */
const MAX_REPOSITORIES = 200_000;

/** A session with which GitHub can be asked. */
export type ViewingSession = WebSession & { readonly viewerToken: string };

/** What viewers can read, as lists show it. */
export interface Scopes {
  /** GitHub is asked. */
  ask(session: ViewingSession): Promise<ViewerScope>;
  /** What's opened together asks once. @param maxAgeMs how old GitHub's answer may be */
  of(session: ViewingSession, maxAgeMs: number): Promise<ViewerScope>;
}

/** Remembers what GitHub said. */
export function createScopes(github: Pick<ViewerGitHub, "scope">, now: () => Date): Scopes {
  const known = new LRUCache<string, { readonly scope: ViewerScope; readonly askedAt: number }>({
    maxSize: MAX_REPOSITORIES,
    sizeCalculation: ({ scope }) => 1 + scope.repositories.length,
  });
  const asking = new Map<string, Promise<ViewerScope>>();

  async function ask({ id, viewerToken }: ViewingSession): Promise<ViewerScope> {
    const askedAt = now().getTime();
    const scope = await github.scope(viewerToken, known.get(id)?.scope ?? null);
    known.set(id, { scope, askedAt });
    return scope;
  }

  return {
    ask,
    of(session, maxAgeMs) {
      const { id } = session;
      const latest = known.get(id);
      const isFresh = latest !== undefined && now().getTime() - latest.askedAt < maxAgeMs;
      if (isFresh) return Promise.resolve(latest.scope);
      const shared = asking.get(id) ?? ask(session).finally(() => asking.delete(id));
      asking.set(id, shared);
      return shared;
    },
  };
}
