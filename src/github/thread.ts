import type { CommentTrigger, LabelTrigger, Task } from "../core/task/task.ts";
import type { Reaction, Threads } from "../ports/github.ts";
import type { GitHubApp, InstallationOctokit } from "./app.ts";
import { unlessMissing } from "./trouble.ts";

const CLOCK_DIFFERENCE_MS = 3_600_000;

/** A writer to threads through the App. */
export function createThreads(app: GitHubApp): Threads {
  return {
    async react(task, content) {
      const { place, subject, trigger } = task;
      if (trigger.type === "command" && trigger.place === "page") return;
      await react(await app.octokitFor(place), { place, subject, trigger }, content);
    },
    async findComment(task, marker, except) {
      const octokit = await app.octokitFor(task.place);
      const { owner, repository: repo } = task.place;
      const { number: issue_number } = task.subject;
      // GitHub's clock and ours need not agree.
      const since = new Date(Date.parse(task.createdAt) - CLOCK_DIFFERENCE_MS).toISOString();
      const comments = await octokit.paginate(octokit.rest.issues.listComments, {
        owner,
        repo,
        issue_number,
        since,
        per_page: 100,
      });
      const own = comments.find(
        ({ id, performed_via_github_app: via, body }) =>
          id !== except && via?.id === app.appId && body?.startsWith(marker) === true,
      );
      return own?.id ?? null;
    },
    async createComment(task, body) {
      const octokit = await app.octokitFor(task.place);
      const { owner, repository: repo } = task.place;
      const { number: issue_number } = task.subject;
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
      const octokit = await app.octokitFor(task.place);
      const { owner, repository: repo } = task.place;
      await octokit.rest.issues.updateComment({ owner, repo, comment_id, body });
    },
    async deleteComment(task, comment_id) {
      const octokit = await app.octokitFor(task.place);
      const { owner, repository: repo } = task.place;
      await unlessMissing(octokit.rest.issues.deleteComment({ owner, repo, comment_id }));
    },
  };
}

/** What takes a reaction. */
interface Shown extends Pick<Task, "place" | "subject"> {
  readonly trigger: LabelTrigger | CommentTrigger;
}

async function react(octokit: InstallationOctokit, shown: Shown, content: Reaction): Promise<void> {
  const { owner, repository: repo } = shown.place;
  const { trigger } = shown;
  // REST has no reactions for a review as a whole: its pull request takes them.
  if (trigger.type === "label" || trigger.place === "review") {
    const issue_number = shown.subject.number;
    await octokit.rest.reactions.createForIssue({ owner, repo, issue_number, content });
  } else if (trigger.place === "issue_comment") {
    const comment_id = trigger.commentId;
    await octokit.rest.reactions.createForIssueComment({ owner, repo, comment_id, content });
  } else {
    const comment_id = trigger.commentId;
    await octokit.rest.reactions.createForPullRequestReviewComment({
      owner,
      repo,
      comment_id,
      content,
    });
  }
}
