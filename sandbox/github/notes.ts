import type { RepositoryName, Subject } from "./shapes.ts";
import { timestamp } from "./shapes.ts";

/** What has happened that emulate does not note. */
export interface Notes {
  /** Notes that the subject has changed now, and how many comments came or went. */
  readonly touch: (subject: Subject, comments: 1 | 0 | -1) => void;
  /** When the subject changed last, if that is later than `updatedAt`. */
  readonly updatedAt: (subject: Subject, updatedAt: string) => string;
  /** How many comments the subject has. */
  readonly comments: (subject: Subject) => number;
  /** Notes that the conversation is locked, or no longer. */
  readonly lock: (subject: Subject, lock: Lock | undefined) => void;
  readonly lockOf: (subject: Subject) => Lock | undefined;
  /** Notes that a comment is hidden for a reason, or shown again. */
  readonly minimize: (comment: number, reason: string | undefined) => void;
  /** Why a comment is hidden; undefined for one that is not. */
  readonly minimized: (comment: number) => string | undefined;
  /** Notes that a person has a role of the organisation's own, or no longer. */
  readonly nameRole: (place: RepositoryName, login: string, role: string | undefined) => void;
  readonly roleName: (place: RepositoryName, login: string) => string | undefined;
  /** Keeps the notes of a repository that has another name now. */
  readonly rename: (from: string, to: string) => void;
}

/** A locked conversation. */
export interface Lock {
  readonly reason: string | null;
}

/** Makes empty notes. */
export function createNotes(): Notes {
  const touched = new Map<string, { updatedAt: string; comments: number }>();
  const locks = new Map<string, Lock | undefined>();
  const roles = new Map<string, string | undefined>();
  const minimized = new Map<number, string | undefined>();

  const noteOf = (subject: Subject) =>
    touched.get(keyOf(subject)) ?? { updatedAt: "", comments: 0 };

  return {
    touch(subject, comments) {
      const updatedAt = timestamp(new Date());
      const count = noteOf(subject).comments + comments;
      touched.set(keyOf(subject), { updatedAt, comments: count });
    },
    updatedAt(subject, updatedAt) {
      const noted = noteOf(subject).updatedAt;
      return noted > updatedAt ? noted : updatedAt;
    },
    comments: (subject) => noteOf(subject).comments,
    lock: (subject, lock) => void locks.set(keyOf(subject), lock),
    lockOf: (subject) => locks.get(keyOf(subject)),
    minimize: (comment, reason) => void minimized.set(comment, reason),
    minimized: (comment) => minimized.get(comment),
    nameRole: ({ owner, repo }, login, role) => void roles.set(`${owner}/${repo}#${login}`, role),
    roleName: ({ owner, repo }, login) => roles.get(`${owner}/${repo}#${login}`),
    rename(from, to) {
      renameKeys(touched, `${from}#`, `${to}#`);
      renameKeys(locks, `${from}#`, `${to}#`);
      renameKeys(roles, `${from}#`, `${to}#`);
    },
  };
}

function keyOf({ owner, repo, number }: Subject): string {
  return `${owner}/${repo}#${number}`;
}

/** Gives another beginning to the keys that begin so. */
export function renameKeys<Value>(map: Map<string, Value>, from: string, to: string): void {
  for (const [key, value] of map) {
    if (!key.startsWith(from)) continue;
    map.delete(key);
    map.set(`${to}${key.slice(from.length)}`, value);
  }
}
