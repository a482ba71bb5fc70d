import type { Pull, Subject, Survey } from "../../src/core/survey.ts";

export const HEAD = "89abcdef0123456789abcdef0123456789abcdef";
const MAIN = "0123456789abcdef0123456789abcdef01234567";

/** An open issue by hubot. */
const ISSUE: Subject = {
  title: "The cache grows without end",
  body: "",
  author: { id: 480_938, login: "hubot" },
  state: "open",
  locked: false,
  comments: [],
  pull: null,
};

/** A pull request from `feature` into `main`. */
export const PULL: Pull = {
  head: { branch: "feature", commit: HEAD },
  fromFork: false,
  base: { branch: "main", commit: MAIN },
  files: [],
  allFiles: true,
};

export function subjectWith(changes: Partial<Subject> = {}): Subject {
  return { ...ISSUE, ...changes };
}

/** Somebody with write access asks about an issue of a repository without a policy file. */
export function surveyWith(changes: Partial<Survey> = {}): Survey {
  return {
    role: "write",
    archived: false,
    defaultBranch: { branch: "main", commit: MAIN },
    subject: ISSUE,
    policy: { repository: { commit: MAIN, file: null }, organisation: null },
    ...changes,
  };
}
