import { LRUCache } from "lru-cache";
import { mayBeTooLarge } from "./graphql.ts";

/** How much of a subject one query asks for. */
export interface Scope {
  /** Whether the changed files of a pull request are asked for. */
  readonly files: boolean;
  /** Whether the HTML is asked for that GitHub makes of each text. */
  readonly html: boolean;
  /** How many of the last comments are asked for. */
  readonly comments: number;
}

/** More than a prompt shows, because the bot's own and hidden ones are among them. */
const COMMENTS = 20;

/** When nothing has to be left out. */
export const WHOLE: Scope = { files: true, html: true, comments: COMMENTS };

/**
 * What is asked for, and what instead when GitHub can't answer that: a pull request of thousands of files,
 * or a subject with very long comments, makes the whole query fail every time.
 */
const SCOPES: readonly Scope[] = [
  WHOLE,
  { files: false, html: true, comments: COMMENTS },
  { files: false, html: false, comments: COMMENTS },
  { files: false, html: false, comments: 5 },
  { files: false, html: false, comments: 0 },
];

/** Where in the answer the size of the subject shows. */
const SUBJECT = ["repository", "subject"];

/** Asks about subjects for as much as GitHub can answer. */
interface LargestAnswers {
  /**
   * The answer to the largest query that GitHub can answer. The first one is asked a second time where GitHub
   * fails, because most failures have nothing to do with size.
   */
  largestAnswer<Answer>(
    subject: AskedSubject,
    askFor: (scope: Scope, retries: number) => Promise<Answer>,
  ): Promise<ScopedAnswer<Answer>>;
}

interface AskedSubject {
  readonly repositoryId: number;
  readonly number: number;
  /** False for an issue: leaving the files out would change nothing. */
  readonly hasFiles: boolean;
}

interface ScopedAnswer<Answer> {
  readonly scope: Scope;
  readonly answer: Answer;
}

/** Of so many subjects it's remembered that they are too large. */
const MAX_REMEMBERED = 1_000;

/** For so long, in milliseconds: a subject may become smaller, and an outage may have looked like its size. */
const REMEMBERED_MS = 900_000;

/** With a memory of the subjects for which GitHub had to be asked for less, so that they don't fail each time. */
export function createLargestAnswers(): LargestAnswers {
  const remembered = new LRUCache<string, Scope>({
    max: MAX_REMEMBERED,
    ttl: REMEMBERED_MS,
    ttlResolution: 0,
    perf: { now: () => Date.now() },
  });
  return {
    async largestAnswer({ repositoryId, number, hasFiles }, askFor) {
      const key = `${repositoryId} ${number}`;
      const scopes = scopesFrom(remembered.get(key) ?? WHOLE, hasFiles);
      const given = await firstAnswer(scopes, askFor);
      // What was remembered before isn't renewed: once in a while all of it is asked for.
      if (given.scope !== scopes[0]) remembered.set(key, given.scope);
      return given;
    },
  };
}

/** From this one on, those that ask for less than the one before. */
function scopesFrom(first: Scope, hasFiles: boolean): readonly Scope[] {
  const smaller = SCOPES.slice(SCOPES.indexOf(first) + 1);
  return [first, ...smaller.filter(({ files, html }) => hasFiles || files || !html)];
}

async function firstAnswer<Answer>(
  scopes: readonly Scope[],
  askFor: (scope: Scope, retries: number) => Promise<Answer>,
): Promise<ScopedAnswer<Answer>> {
  for (const [index, scope] of scopes.entries()) {
    try {
      return { scope, answer: await askFor(scope, index === 0 ? 1 : 0) };
    } catch (error) {
      if (index === scopes.length - 1 || !mayBeTooLarge(error, SUBJECT)) throw error;
    }
  }
  throw new TypeError("there is no scope");
}
