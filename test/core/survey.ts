import { renderHtml } from "../../sandbox/github/render.ts";
import type { Pull, Subject, SubjectComment, Survey } from "../../src/core/access/survey.ts";

export const HEAD = "89abcdef0123456789abcdef0123456789abcdef";
const MAIN = "0123456789abcdef0123456789abcdef01234567";

/** An open issue by hubot. */
const ISSUE: Subject = {
  title: "The cache grows without end",
  body: "",
  bodyHtml: "",
  author: { id: 480_938, login: "hubot" },
  state: "open",
  locked: false,
  comments: [],
  hiddenComments: 0,
  missing: [],
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

/** A subject; by default with the HTML that GitHub makes of its body. */
export function subjectWith(changes: Partial<Subject> = {}): Subject {
  const bodyHtml = renderHtml(changes.body ?? "");
  return { ...ISSUE, bodyHtml, ...changes };
}

/** A comment with the HTML that GitHub makes of it. */
export function commentBy(login: string, body: string): SubjectComment {
  return {
    author: { id: login === "ghost" ? null : 480_938, login },
    body,
    bodyHtml: renderHtml(body),
  };
}

/** The survey of a request by somebody with write access, on an issue of a repository without a policy file. */
export function surveyWith(changes: Partial<Survey> = {}): Survey {
  return {
    role: "write",
    archived: false,
    defaultBranch: { branch: "main", commit: MAIN },
    subject: ISSUE,
    command: null,
    policy: { repository: { commit: MAIN, file: null }, organization: null },
    ...changes,
  };
}
