import type { Subject } from "./shapes.ts";
import { timestamp } from "./shapes.ts";

/** What has happened to issues and pull requests that emulate does not note. */
export interface Notes {
  /** Notes that the subject has changed now, and how many comments came or went. */
  readonly touch: (subject: Subject, comments: 1 | 0 | -1) => void;
  /** When the subject changed last, if that is later than `updatedAt`. */
  readonly updatedAt: (subject: Subject, updatedAt: string) => string;
  /** How many comments the subject has. */
  readonly comments: (subject: Subject) => number;
}

/** Makes empty notes. */
export function createNotes(): Notes {
  const notes = new Map<string, { updatedAt: string; comments: number }>();

  function noteOf({ owner, repo, number }: Subject) {
    return notes.get(`${owner}/${repo}#${number}`) ?? { updatedAt: "", comments: 0 };
  }

  return {
    touch(subject, comments) {
      const { owner, repo, number } = subject;
      const updatedAt = timestamp(new Date());
      const count = noteOf(subject).comments + comments;
      notes.set(`${owner}/${repo}#${number}`, { updatedAt, comments: count });
    },
    updatedAt(subject, updatedAt) {
      const noted = noteOf(subject).updatedAt;
      return noted > updatedAt ? noted : updatedAt;
    },
    comments: (subject) => noteOf(subject).comments,
  };
}
