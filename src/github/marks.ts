import type { Marks } from "../ports/github.ts";
import type { GitHubApp } from "./app.ts";
import { unlessMissing } from "./trouble.ts";

/** By this name people find it among the checks of a pull request. */
const CHECK_RUN = "copilot task";

/** Marks through the App. */
export function createMarks(app: GitHubApp): Marks {
  return {
    async addLabel(task, label) {
      const octokit = await app.octokitFor(task.place);
      const { owner, repository: repo } = task.place;
      const { number: issue_number } = task.subject;
      await octokit.rest.issues.addLabels({ owner, repo, issue_number, labels: [label] });
    },
    async writeCheckRun(task, head_sha, check_run_id, { status, conclusion, link, summary }) {
      const octokit = await app.octokitFor(task.place);
      const { owner, repository: repo } = task.place;
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
      const octokit = await app.octokitFor(task.place);
      const { owner, repository: repo } = task.place;
      const { number: issue_number } = task.subject;
      await unlessMissing(octokit.rest.issues.removeLabel({ owner, repo, issue_number, name }));
    },
  };
}
