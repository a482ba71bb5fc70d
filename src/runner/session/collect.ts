import type { ActorInput } from "../../core/actor/input.ts";
import { pullRequestOf } from "../../core/comment/pull-request.ts";
import { messageOf } from "../../core/error/thrown.ts";
import type { GitHubHosts } from "../../core/github/hosts.ts";
import { safeLine } from "../../core/task/failed-outcome.ts";
import type { Hosting, Publication, SessionUsage } from "../../core/task/hosting.ts";
import type { Task } from "../../core/task/task.ts";
import { branchOfTask } from "../../core/workspace/names.ts";
import type { CloudSession } from "../../ports/copilot.ts";
import type { HostedControls } from "../../ports/hosted-controls.ts";
import type { Ports } from "../../ports/ports.ts";
import { assertLease, LostClaim } from "../lease/record.ts";
import { missingSentence } from "../start/hosted-request.ts";

/** What taking something out of a session takes. */
export interface CollectParts {
  readonly ports: Pick<Ports, "tasks" | "github" | "log">;
  readonly hosts: GitHubHosts;
}

/** Takes out of a session on an own machine what its agent has done: its figures, and its commits, which are published. */
export async function collect(
  parts: CollectParts,
  { hosted }: CloudSession,
  task: Task,
): Promise<ActorInput> {
  const { hosting } = task.session;
  if (hosted === null || hosting === null) return { type: "collected", change: {} };
  const usage = await hosted.usage();
  const published = hosting.push === "never" ? null : await publish(parts, hosted, task, hosting);
  const publication = isWorthSaying(published, hosting, usage) ? published : null;
  return {
    type: "collected",
    change: {
      ...(usage === null ? {} : { usage }),
      ...(publication === null ? {} : { publication }),
    },
  };
}

/** That there's no commit is news only where there were some, or files were changed. */
function isWorthSaying(
  published: Publication | null,
  { publication: before }: Hosting,
  usage: SessionUsage | null,
): boolean {
  if (published?.type !== "stopped" || published.reason !== "nothing_committed") return true;
  return before !== null || (usage !== null && usage.linesAdded + usage.linesRemoved > 0);
}

/** What became of the agent's commits. */
export async function publish(
  parts: CollectParts,
  hosted: Pick<HostedControls, "push">,
  task: Task,
  hosting: Hosting,
): Promise<Publication> {
  const { tasks, github, log } = parts.ports;
  try {
    await assertLease(tasks, task);
    const token = await github.repositoryToken(task, "write");
    if (token.type === "not_permitted") return failedTo(missingSentence(token));
    const pushed = await hosted.push(token.token);
    if (pushed.type === "stopped") return pushed;
    const branch = branchOfTask(hosting.branch);
    log.info({ taskId: task.id, branch, commit: pushed.commit }, "commits of an agent pushed");
    const { commit } = pushed;
    return await openPull(parts, task, hosting, { type: "pushed", branch, commit, pull: null });
  } catch (err) {
    if (err instanceof LostClaim) throw err;
    log.warn({ taskId: task.id, err }, "commits of an agent not published yet");
    return failedTo(messageOf(err));
  }
}

async function openPull(
  { ports: { github }, hosts }: CollectParts,
  task: Task,
  hosting: Hosting,
  pushed: Extract<Publication, { type: "pushed" }>,
): Promise<Publication> {
  if (hosting.push !== "pull-request") return pushed;
  const before = hosting.publication;
  if (before?.type === "pushed" && before.pull !== null) return { ...pushed, pull: before.pull };
  const { subject } = await github.survey(task);
  const opened = await github.openDraftPull(task, {
    branch: pushed.branch,
    base: task.decision.branch ?? "",
    ...pullRequestOf(task, subject.title, hosts),
  });
  switch (opened.type) {
    case "pull":
      return { ...pushed, pull: { number: opened.number, url: opened.url } };
    case "drafts_unsupported":
    case "nothing_new":
      return pushed;
    case "not_permitted":
      return failedTo(missingSentence(opened));
    default:
      return opened satisfies never;
  }
}

function failedTo(detail: string): Publication {
  return { type: "failed", detail: safeLine(detail) };
}
