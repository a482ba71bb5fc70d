/** What a task must have to be found: all that is given. Text is in small letters. */
export interface TaskCriteria {
  readonly owner?: string;
  readonly repository?: string;
  readonly subjectNumber?: number;
  readonly requester?: string;
  readonly kind?: string;
  /** How the task's id begins. */
  readonly idPrefix?: string;
}

/** Nothing that is searched for is longer, except the address of an issue or pull request. */
const MAX_LENGTH = 300;

const REPOSITORY =
  /^(?:(?<owner>[a-z\d][a-z\d_-]*)\/)?(?<repository>[\w.-]{1,100})(?:#(?<number>\d{1,10}))?$/u;
const ADDRESS =
  /^https:\/\/[^/\s]+\/(?<owner>[a-z\d][a-z\d_-]*)\/(?<repository>[\w.-]{1,100})(?:\/(?:issues|pull)\/(?<number>\d{1,10})|$)/u;
const NUMBER = /^#?(?<number>\d{1,10})$/u;
const LOGIN = /^@?[a-z\d][a-z\d_-]*(?:\[bot\])?$/u;
const KIND = /^[a-z][a-z-]{0,29}$/u;
/** Shorter ones are the beginning of too many. */
const ID_PREFIX = /^(?=.{4,36}$)[\da-f]{1,8}(?:(?<=^.{8})-[\da-f-]*)?$/u;

/**
 * Reads what somebody typed to search for tasks, and gives what a task can match: one of these. It's one of
 *
 * - `owner/repository#number`, `repository#number`, `owner/repository`, or the address of one of these on GitHub
 * - `#number`, or the number alone
 * - `@requester`
 * - a word, which is looked for as a requester, a kind, a repository's name, and the beginning of a task's id (from
 *   four characters on)
 *
 * Each is compared whole, in whatever case. Nothing matches anything else.
 */
export function readTaskSearch(typed: string): readonly TaskCriteria[] {
  const text = typed.trim().toLowerCase();
  if (text === "" || text.length > MAX_LENGTH) return [];
  const numbered = NUMBER.exec(text)?.groups?.["number"];
  if (numbered !== undefined) {
    const all: TaskCriteria[] = [{ subjectNumber: Number(numbered) }];
    return text.startsWith("#") ? all : [...all, ...idPrefixed(text)];
  }
  const place = ADDRESS.exec(text)?.groups ?? REPOSITORY.exec(text)?.groups;
  const isWord = !text.includes("/") && !text.includes("#");
  return [
    ...(place === undefined ? [] : [inPlace(place)]),
    ...(isWord && LOGIN.test(text) ? [{ requester: text.replace("@", "") }] : []),
    ...(KIND.test(text) ? [{ kind: text }] : []),
    ...idPrefixed(text),
  ];
}

function inPlace({ owner, repository, number }: Readonly<Record<string, string>>): TaskCriteria {
  return {
    ...(owner === undefined ? {} : { owner }),
    ...(repository === undefined ? {} : { repository }),
    ...(number === undefined ? {} : { subjectNumber: Number(number) }),
  };
}

function idPrefixed(text: string): readonly TaskCriteria[] {
  return ID_PREFIX.test(text) ? [{ idPrefix: text }] : [];
}
