import { LRUCache } from "lru-cache";
import type { Administration } from "../ports/administration.ts";
import type { WebSession } from "../ports/web-sessions.ts";
import { ViewingTrouble } from "../ports/viewing.ts";

type OfPerson = Pick<WebSession, "id" | "person">;

/** Whether those who are signed in administer the bot. */
export interface AdminRights {
  /**
   * Rejects with a `ViewingTrouble` when GitHub doesn't say.
   *
   * @param maxAgeMs for how long an earlier answer to this session counts; 0 to ask anew
   */
  isAdmin(session: OfPerson, maxAgeMs: number): Promise<boolean>;
  /** Whether pages link to what's for administrators: by an older answer, and not when GitHub doesn't say. */
  showsLink(session: OfPerson): Promise<boolean>;
}

interface Options {
  readonly administration: Pick<Administration, "isAdministrator">;
  readonly now: () => Date;
}

/** In milliseconds. Everybody's pages have the link or don't: GitHub isn't asked for each of them each minute. */
const LINK_MS = 3_600_000;
/** Of sessions, each with about 100 bytes. */
const MAX_REMEMBERED = 10_000;

interface Answer {
  readonly isAdmin: Promise<boolean>;
  readonly askedAt: number;
}

/** Remembers for each session whether its person administers the bot. */
export function createAdminRights({ administration, now }: Options): AdminRights {
  const answers = new LRUCache<string, Answer>({ max: MAX_REMEMBERED });

  function isAdmin({ id, person }: OfPerson, maxAgeMs: number): Promise<boolean> {
    const askedAt = now().getTime();
    const known = answers.get(id);
    if (known !== undefined && askedAt - known.askedAt < maxAgeMs) return known.isAdmin;
    const answer = { isAdmin: administration.isAdministrator(person), askedAt };
    answers.set(id, answer);
    // What couldn't be found out is asked again.
    answer.isAdmin.catch(() => {
      if (answers.get(id) === answer) answers.delete(id);
    });
    return answer.isAdmin;
  }

  return {
    isAdmin,
    async showsLink(session) {
      try {
        return await isAdmin(session, LINK_MS);
      } catch (error) {
        if (error instanceof ViewingTrouble) return false;
        throw error;
      }
    },
  };
}
