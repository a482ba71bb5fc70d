import { html } from "hono/html";
import { pullsOf } from "../../core/session/pulls.ts";
import { ownPull } from "../../core/session/page-link.ts";
import type { CommentView } from "../../core/comment/view.ts";
import { viewOf } from "../../core/comment/view.ts";
import type { GitHubHosts } from "../../core/github/hosts.ts";
import type { Task } from "../../core/task/task.ts";
import { icon } from "./icons.ts";
import type { Html } from "./document.ts";
import { codeNamed, named, personNamed } from "./names.ts";
import { machineMark } from "./task-hosting.ts";
import { labelMark, labelOf, wishOf } from "./task-label.ts";
import { timeOf } from "./time.ts";

/** The page of a task. */
export function taskPath(id: string): string {
  return `/tasks/${encodeURIComponent(id)}`;
}

/** The issue or pull request of a task, e.g. `octo-org/hello#7`. */
export function subjectOf({ place, subject }: Pick<Task, "place" | "subject">): string {
  return `${place.owner}/${place.repository}#${subject.number}`;
}

/** A list of tasks. */
export function taskList(tasks: readonly Task[], hosts: GitHubHosts, withWish = false): Html {
  return html`<ul class="rows">
    ${tasks.map((task) => taskRow(task, hosts, withWish))}
  </ul>`;
}

function taskRow(task: Task, hosts: GitHubHosts, withWish: boolean): Html {
  const view = viewOf(task, hosts);
  const wish = withWish ? wishOf(view) : null;
  return html`<li>
    <div class="row-head">
      <h3>
        <a href="${taskPath(task.id)}"
          >${named(view.name)} <span>in ${named(subjectOf(task))}</span></a
        >
      </h3>
      ${labelMark(labelOf(view))}
    </div>
    ${wish === null ? "" : html`<p class="wish">${wish}</p>`}
    <p class="meta">
      ${timeOf(task.createdAt)} by ${personNamed(view.requester, hosts)} with
      ${triggerOf(view)}${machineMark(view)} ${pullLinks(task, view, hosts)}
    </p>
  </li>`;
}

/** What somebody did to ask for a task. */
export function triggerOf({
  label,
  command,
  isFromPage,
}: Pick<CommentView, "label" | "command" | "isFromPage">): Html {
  if (label !== null) return html`the label ${codeNamed(label)}`;
  return html`${codeNamed(`/copilot ${command ?? ""}`)}${isFromPage ? " (on the page)" : ""}`;
}

function pullLinks({ session }: Task, { repository }: CommentView, hosts: GitHubHosts): Html[] {
  return pullsOf(session).flatMap((address) => {
    const own = ownPull(address, repository, hosts);
    if (own === null) return [];
    return [
      html`<a class="pull" href="${own.url}"
        >${icon("pull")}<span class="unseen">Pull request </span>#${own.number}</a
      >`,
    ];
  });
}
