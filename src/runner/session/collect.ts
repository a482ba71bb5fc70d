import type { ActorInput } from "../../core/actor/input.ts";
import { pullRequestOf } from "../../core/comment/pull-request.ts";
import { messageOf } from "../../core/error/thrown.ts";
import type { GitHubHosts } from "../../core/github/hosts.ts";
import { safeLine } from "../../core/task/failed-outcome.ts";
import type { Hosting, Publication, Pushed } from "../../core/task/hosting.ts";
import { pushedOf } from "../../core/task/hosting.ts";
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
  const current = { ...hosting, usage: usage ?? hosting.usage };
  const { publication } =
    hosting.push === "never" ? NOTHING : await publish(parts, hosted, task, current);
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
  published: Publication,
  { publication: before, usage }: Pick<Hosting, "publication" | "usage">,
): boolean {
  if (published.type !== "stopped" || published.reason !== "nothing_committed") return true;
  return before !== null || (usage !== null && usage.linesAdded + usage.linesRemoved > 0);
}

/** An attempt to publish what an agent has committed. */
export interface Published {
  /** What became of it; null where that says nothing. */
  readonly publication: Publication | null;
  /** Whether it failed for what may be over in a minute, like GitHub being away. */
  readonly mayPass: boolean;
}

const NOTHING: Published = { publication: null, mayPass: false };

/** Pushes the agent's commits, and opens the draft that the policy wants. */
export async function publish(
  parts: CollectParts,
  hosted: Pick<HostedControls, "push">,
  task: Task,
  hosting: Hosting,
): Promise<Published> {
  const { publication, mayPass } = await pushAndOpen(parts, hosted, task, hosting);
  return isWorthSaying(publication, hosting) ? { publication, mayPass } : NOTHING;
}

async function pushAndOpen(
  parts: CollectParts,
  hosted: Pick<HostedControls, "push">,
  task: Task,
  hosting: Hosting,
): Promise<Published & { readonly publication: Publication }> {
  const { tasks, github, log } = parts.ports;
  let onGitHub = pushedOf(hosting);
  try {
    await assertLease(tasks, task);
    const token = await github.repositoryToken(task, "write");
    if (token.type === "not_permitted") return final(failedTo(missingSentence(token), onGitHub));
    const pushed = await hosted.push(token.token);
    if (pushed.type === "stopped") return final({ ...pushed, before: onGitHub });
    const branch = branchOfTask(hosting.branch);
    log.info({ taskId: task.id, branch, commit: pushed.commit }, "commits of an agent pushed");
    const { commit } = pushed;
    onGitHub = { type: "pushed", branch, commit, pull: onGitHub?.pull ?? null };
    return final(await openPull(parts, task, hosting, onGitHub));
  } catch (err) {
    if (err instanceof LostClaim) throw err;
    log.warn({ taskId: task.id, err }, "commits of an agent not published yet");
    return { publication: failedTo(messageOf(err), onGitHub), mayPass: true };
  }
}

const final = (publication: Publication) => ({ publication, mayPass: false });

async function openPull(
  { ports: { github }, hosts }: CollectParts,
  task: Task,
  hosting: Hosting,
  pushed: Pushed,
): Promise<Publication> {
  if (hosting.push !== "pull-request" || pushed.pull !== null) return pushed;
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
      return failedTo(missingSentence(opened), pushed);
    default:
      return opened satisfies never;
  }
}

function failedTo(detail: string, before: Pushed | null): Publication {
  return { type: "failed", detail: safeLine(detail), before };
}
