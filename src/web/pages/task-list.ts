import { html } from "hono/html";
import type { GitHubHosts } from "../../core/github/hosts.ts";
import type { Task } from "../../core/task/task.ts";
import type { Html } from "./document.ts";
import { linkButton } from "./document.ts";
import type { PageViewer } from "./site-page.ts";
import { sitePage } from "./site-page.ts";
import type { FilterChoices, ListFilter } from "./task-filter.ts";
import { filterForm, hasFilter, listPath } from "./task-filter.ts";
import { taskList } from "./task-row.ts";

/** What `/` shows. */
export interface TaskListView {
  readonly viewer: PageViewer;
  readonly hosts: GitHubHosts;
  /** Tasks that wait for whoever looks, newest first. */
  readonly waiting: readonly Task[];
  readonly tasks: readonly Task[];
  readonly filter: ListFilter;
  readonly choices: FilterChoices;
  /** The cursors of the pages beside this one; null where there's none. */
  readonly newer: string | null;
  readonly older: string | null;
  /** Where GitHub installs the App; null where that's unknown. */
  readonly installUrl: string | null;
  readonly events: string | null;
}

/** The tasks that somebody may see, newest first; what waits for them on top. */
export function taskListPage(view: TaskListView): Html {
  const { viewer, events } = view;
  const body = html`<h1>Tasks</h1>
    <section id="waiting" data-live aria-labelledby="waiting-title">${waiting(view)}</section>
    <section aria-labelledby="all-title">
      <h2 id="all-title">${hasFilter(view.filter) ? "Matching tasks" : "All tasks"}</h2>
      ${filterForm(view.filter, view.choices)}
      <div id="tasks" data-live>${tasks(view)}</div>
    </section>`;
  return sitePage({ title: "Tasks", viewer, current: "tasks", events, body });
}

function waiting({ waiting: own, hosts }: TaskListView): Html {
  const title = html`<h2 id="waiting-title">Waiting for you</h2>`;
  if (own.length === 0)
    return html`${title}
      <p class="muted">Nothing is waiting for you.</p>`;
  return html`${title}
    <div class="box flush attention">${taskList(own, hosts, true)}</div>`;
}

function tasks(view: TaskListView): Html {
  if (view.tasks.length === 0) {
    const isPart = view.older !== null;
    return html`<div class="box empty">${isPart ? EMPTY_PART : emptyText(view)}</div>
      ${isPart ? paging(view) : ""}`;
  }
  return html`<div class="box flush">${taskList(view.tasks, view.hosts)}</div>
    ${paging(view)}`;
}

/** The database looks at so many tasks for a page, and no further. */
const EMPTY_PART = html`<p><strong>No tasks match in this part of the list.</strong></p>
  <p>Older ones may: keep looking, or use fewer filters.</p>`;

const SEARCHED = html`<p>
  Search finds numbers, people, kinds, repositories, and task IDs. It doesn't look into titles.
</p>`;

/** Why there's nothing, and what to do. */
function emptyText({ filter, newer, choices, installUrl }: TaskListView): Html {
  if (hasFilter(filter)) {
    return html`<p><strong>No tasks match.</strong></p>
      ${filter.search === null ? "" : SEARCHED}
      <p>Change the filters, or show all tasks.</p>
      ${linkButton({ text: "Show all tasks", url: "/" })}`;
  }
  if (newer !== null) {
    return html`<p><strong>There are no older tasks.</strong></p>
      ${linkButton({ text: "Show the newest tasks", url: "/" })}`;
  }
  if (choices.repositories.length === 0) {
    const install =
      installUrl === null ? "" : linkButton({ text: "Install the App", url: installUrl });
    return html`<p><strong>The bot isn't installed in any repository that you work on.</strong></p>
      <p>
        Install its App in a repository, or ask an organization owner to do so. The tasks of public
        repositories have pages, too: their comments link to them.
      </p>
      ${install}`;
  }
  return html`<p><strong>There are no tasks yet.</strong></p>
    <p>
      Add a label like <code>copilot:triage</code> to an issue, or comment
      <code>/copilot help</code> to see what works there.
    </p>`;
}

function paging({ filter, newer, older }: TaskListView): Html | string {
  if (newer === null && older === null) return "";
  return html`<nav class="paging" aria-label="Pages of tasks">
    ${newer === null ? "" : html`<a class="button" rel="prev" href="${listPath(filter, { after: newer })}">Newer</a>`}
    ${older === null ? "" : html`<a class="button" rel="next" href="${listPath(filter, { before: older })}">Older</a>`}
  </nav>`;
}
