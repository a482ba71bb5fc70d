import type { Task } from "../core/task.ts";
import type { GitHubApp, InstallationOctokit } from "./app.ts";

/** Writes to the thread of a task. Every method rejects when GitHub does not do as asked. */
export interface Threads {
  /** On the command's comment, or on the subject for a label or a review. Repeating it is harmless. */
  react(task: Task, content: "eyes" | "confused"): Promise<void>;
  /** The id of the App's own comment that begins with the marker, or null. */
  findComment(task: Task, marker: string): Promise<number | null>;
  /** The id of the new comment. */
  createComment(task: Task, body: string): Promise<number>;
  updateComment(task: Task, commentId: number, body: string): Promise<void>;
}

const CLOCK_DIFFERENCE_MS = 3_600_000;

/** A writer to threads through the App. */
export function createThreads(app: GitHubApp): Threads {
  return {
    async react(task, content) {
      await react(await app.octokitFor(task), task, content);
    },
    async findComment(task, marker) {
      const octokit = await app.octokitFor(task);
      const { owner, repository: repo, subjectNumber: issue_number, createdAt } = task;
      // GitHub's clock and ours need not agree.
      const since = new Date(Date.parse(createdAt) - CLOCK_DIFFERENCE_MS).toISOString();
      const comments = await octokit.paginate(octokit.rest.issues.listComments, {
        owner,
        repo,
        issue_number,
        since,
        per_page: 100,
      });
      const own = comments.find(
        ({ performed_via_github_app: via, body }) =>
          via?.id === app.appId && body?.startsWith(marker) === true,
      );
      return own?.id ?? null;
    },
    async createComment(task, body) {
      const octokit = await app.octokitFor(task);
      const { owner, repository: repo, subjectNumber: issue_number } = task;
      const { data } = await octokit.rest.issues.createComment({
        owner,
        repo,
        issue_number,
        body,
        // A lost answer may hide a created comment: the marker is looked up before another try.
        request: { retries: 0 },
      });
      return data.id;
    },
    async updateComment(task, comment_id, body) {
      const octokit = await app.octokitFor(task);
      const { owner, repository: repo } = task;
      await octokit.rest.issues.updateComment({ owner, repo, comment_id, body });
    },
  };
}

async function react(
  octokit: InstallationOctokit,
  task: Task,
  content: "eyes" | "confused",
): Promise<void> {
  const { owner, repository: repo, commandCommentId, commandPlace, subjectNumber } = task;
  // REST has no reactions for a review as a whole: its pull request takes them.
  if (commandCommentId === null || commandPlace === "review") {
    const issue_number = subjectNumber;
    await octokit.rest.reactions.createForIssue({ owner, repo, issue_number, content });
  } else if (commandPlace === "issue_comment") {
    const comment_id = commandCommentId;
    await octokit.rest.reactions.createForIssueComment({ owner, repo, comment_id, content });
  } else {
    const comment_id = commandCommentId;
    await octokit.rest.reactions.createForPullRequestReviewComment({
      owner,
      repo,
      comment_id,
      content,
    });
  }
}
