import type { Emulator } from "./emulator.ts";
import type { History } from "./history.ts";
import type { Notes } from "./notes.ts";
import { repositoryPath, subjectOf } from "./routes.ts";
import { app, botLogin } from "./seed.ts";
import type { Comment, Issue, Pull, RepositoryName, Subject } from "./shapes.ts";

/** Makes what emulate tells of a thing into what GitHub tells of it. */
export interface Mends {
  readonly issue: (place: RepositoryName, issue: Issue) => Issue;
  readonly pull: (place: RepositoryName, pull: Pull) => Promise<Pull>;
  readonly comment: (comment: Comment) => Promise<Comment>;
}

/** Mends with the help of what was noted and of git. */
export function createMends(emulator: Emulator, notes: Notes, history: History): Mends {
  const pulls = new Set<string>();

  async function isPull(subject: Subject): Promise<boolean> {
    const path = `${repositoryPath(subject)}/pulls/${subject.number}`;
    if (pulls.has(path)) return true;
    // Only "yes" is kept: a number can be asked about before it exists.
    const yes = (await emulator.read(path)).status === 200;
    if (yes) pulls.add(path);
    return yes;
  }

  function lockOf(subject: Subject) {
    const lock = notes.lockOf(subject);
    return { locked: lock !== undefined, active_lock_reason: lock?.reason ?? null };
  }

  return {
    issue({ owner, repo }, issue) {
      const subject = { owner, repo, number: issue.number };
      const updated_at = notes.updatedAt(subject, issue.updated_at);
      return { ...issue, ...lockOf(subject), updated_at };
    },
    async pull({ owner, repo }, pull) {
      const subject = { owner, repo, number: pull.number };
      const current = await history.current(pull);
      const updated_at = notes.updatedAt(subject, pull.updated_at);
      return { ...current, ...lockOf(subject), updated_at, comments: notes.comments(subject) };
    },
    async comment(comment) {
      const by = comment.user.login === botLogin ? { performed_via_github_app: app } : {};
      const subject = subjectOf(String(comment["issue_url"]));
      if (subject === undefined || !(await isPull(subject))) return { ...comment, ...by };
      const html_url = comment.html_url.replace(/\/issues\/(?=\d+#)/, "/pull/");
      return { ...comment, ...by, html_url };
    },
  };
}

/** GitHub answers an issue for the number of a pull request; emulate does not. */
export function issueOf(pull: Pull): Issue {
  const { number, title, body, state, html_url, updated_at, comments, user, labels } = pull;
  const { url, diff_url, patch_url, merged_at, created_at, closed_at, locked, draft } = pull;
  const { assignee, assignees, milestone, author_association, comments_url, issue_url } = pull;
  const { active_lock_reason } = pull;
  // A pull request and its issue have different ids; emulate's are small.
  const id = 1_000_000 + pull.id;
  const shown = { id, number, title, body, state, html_url, updated_at, comments, user, labels };
  const more = {
    created_at,
    closed_at,
    locked,
    active_lock_reason,
    draft,
    assignee,
    assignees,
    milestone,
  };
  const api = { url: issue_url, comments_url, author_association, state_reason: null };
  return {
    ...shown,
    ...more,
    ...api,
    pull_request: { url, html_url, diff_url, patch_url, merged_at },
  };
}
