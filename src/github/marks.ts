import type { CheckRun } from "../core/check-run.ts";
import type { Task } from "../core/task.ts";
import type { GitHubApp } from "./app.ts";
import { unlessMissing } from "./trouble.ts";

/** Marks subjects of tasks. Every method rejects when GitHub does not do as asked. */
export interface Marks {
  /** Repeating it is harmless. A label that the repository does not have yet is created by GitHub. */
  addLabel(task: Task, label: string): Promise<void>;
  /** A label that is not there is as good as taken off. */
  removeLabel(task: Task, label: string): Promise<void>;
  /** Writes a check run on a commit, anew or over the one with the id; its id. */
  writeCheckRun(task: Task, commit: string, id: number | null, run: CheckRun): Promise<number>;
}

/** By this name people find it among the checks of a pull request. */
const CHECK_RUN = "copilot task";

/** Marks through the App. */
export function createMarks(app: GitHubApp): Marks {
  return {
    async addLabel(task, label) {
      const octokit = await app.octokitFor(task);
      const { owner, repository: repo, subjectNumber: issue_number } = task;
      await octokit.rest.issues.addLabels({ owner, repo, issue_number, labels: [label] });
    },
    async writeCheckRun(task, head_sha, check_run_id, { status, conclusion, link, summary }) {
      const octokit = await app.octokitFor(task);
      const { owner, repository: repo } = task;
      const shown = {
        status,
        ...(conclusion === null ? {} : { conclusion }),
        ...(link === null ? {} : { details_url: link }),
        output: { title: CHECK_RUN, summary },
      };
      if (check_run_id !== null) {
        await octokit.rest.checks.update({ owner, repo, check_run_id, ...shown });
        return check_run_id;
      }
      const { data } = await octokit.rest.checks.create({
        owner,
        repo,
        head_sha,
        name: CHECK_RUN,
        external_id: task.id,
        ...shown,
      });
      return data.id;
    },
    async removeLabel(task, name) {
      const octokit = await app.octokitFor(task);
      const { owner, repository: repo, subjectNumber: issue_number } = task;
      await unlessMissing(octokit.rest.issues.removeLabel({ owner, repo, issue_number, name }));
    },
  };
}
