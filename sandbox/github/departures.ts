import { webhookOf } from "./github.ts";
import type { RepositoryEvent, Parts } from "./parts.ts";
import { repositoryOf } from "./rest/repositories.ts";
import { issueOf } from "./rest/subjects.ts";
import { happened } from "./routes/subjects.ts";
import { administrator } from "./seed.ts";
import type { RepositoryName, Subject } from "./shapes.ts";
import type { IssueRecord } from "./state/records.ts";
import { accountOf, findOrAddLabel, findRepository, findSubject, nextId } from "./state/state.ts";

/** What happens to issues as a whole; each resolves when the bot has answered the webhook. */
export interface Departures {
  /** Transfers an issue, with its comments, to another repository of the same owner; where it is then. */
  transferIssue(subject: Subject, to: RepositoryName): Promise<Subject>;
  deleteIssue(subject: Subject): Promise<void>;
}

/** Lets an administrator transfer and delete issues, which GitHub's REST API has no request for. */
export function createDepartures(parts: Parts): Departures {
  const { deliveries, host, state } = parts;
  const by = accountOf(state, administrator);

  async function send(event: RepositoryEvent): Promise<void> {
    const webhook = webhookOf(event, by, parts);
    if (webhook !== undefined) await deliveries.send(webhook);
  }

  function found(place: Subject): IssueRecord {
    const issue = findSubject(state, place);
    if (issue?.type !== "issue") throw new Error(`There is no issue ${place.number}`);
    return issue;
  }

  return {
    async transferIssue(place, to) {
      const issue = found(place);
      const repository = findRepository(state, to);
      if (repository === undefined) throw new Error(`There is no ${to.owner}/${to.repo}`);
      const number = (repository.lastNumber += 1);
      const labels = issue.labels.map(({ name }) => findOrAddLabel(state, repository, name));
      const id = nextId(state, "subject");
      const moved: IssueRecord = { ...issue, id, repository, number, labels, comments: [] };
      moved.comments = issue.comments.map((comment) => {
        return { ...comment, id: nextId(state, "comment"), subject: moved };
      });
      repository.subjects.set(number, moved);
      const changes = {
        new_issue: issueOf(host, moved),
        new_repository: repositoryOf(host, repository),
      };
      const event = happened(host, issue, "transferred", { changes });
      leave(issue, moved);
      await send(event);
      return { ...to, number };
    },
    async deleteIssue(place) {
      const issue = found(place);
      leave(issue, "deleted");
      await send(happened(host, issue, "deleted"));
    },
  };
}

function leave({ repository, number }: IssueRecord, to: IssueRecord | "deleted"): void {
  repository.subjects.delete(number);
  repository.departed.set(number, to);
}
