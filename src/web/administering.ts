import { LRUCache } from "lru-cache";
import type { Administrators, GitHubAccount } from "../ports/administrators.ts";
import type { WebSession } from "../ports/web-sessions.ts";

/** Over all sessions: what's asked for again when it has been forgotten. */
const MAX_ANSWERS = 10_000;

/**
 * Whether the person of a session administers an account.
 *
 * @param installationId the App's on the account; null to look it up
 * @param maxAgeMs how old an answer of GitHub's may be
 */
export type Administering = (
  session: Pick<WebSession, "id" | "person">,
  account: GitHubAccount,
  installationId: number | null,
  maxAgeMs: number,
) => Promise<boolean>;

/** Remembers who administers what. */
export function createAdministering(
  administrators: Administrators,
  now: () => Date,
): Administering {
  const answers = new LRUCache<string, { readonly administers: boolean; readonly askedAt: number }>(
    {
      max: MAX_ANSWERS,
    },
  );
  return async ({ id, person }, account, installationId, maxAgeMs) => {
    const key = JSON.stringify([id, account.id]);
    const askedAt = now().getTime();
    const known = answers.get(key);
    if (known !== undefined && askedAt - known.askedAt < maxAgeMs) return known.administers;
    const administers = await administrators.administers(person, account, installationId);
    answers.set(key, { administers, askedAt });
    return administers;
  };
}
