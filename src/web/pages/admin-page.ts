import { html } from "hono/html";
import type { GitHubHosts } from "../../core/github/hosts.ts";
import type { TaskState } from "../../core/task/task.ts";
import type { Undelivered } from "../../core/task/undelivered.ts";
import { cleanLine } from "../../core/text/plain.ts";
import type { Machine } from "../../core/worker/machine.ts";
import type { HealthCheck, RuntimesOverview } from "../../ports/administration.ts";
import type { Overview } from "../../ports/task-lists.ts";
import { failureCharts } from "./failure-charts.ts";
import { findingList } from "./finding-list.ts";
import type { Html } from "./document.ts";
import { machineTable } from "./machine-table.ts";
import { codeNamed } from "./names.ts";
import type { ConnectedRow } from "./people-table.ts";
import { peopleTable } from "./people-table.ts";
import { runtimeTable } from "./runtime-table.ts";
import type { PageViewer } from "./site-page.ts";
import { sitePage } from "./site-page.ts";
import { listPath } from "./task-filter.ts";
import { STATE_NAMES } from "./task-label.ts";
import { timeOf } from "./time.ts";

/** What `/admin` shows. */
export interface AdminPageView {
  readonly viewer: PageViewer;
  readonly hosts: GitHubHosts;
  /** Null when there's none yet. */
  readonly health: HealthCheck | null;
  readonly overview: Omit<Overview, "people"> & { readonly people: readonly ConnectedRow[] };
  readonly runtimes: RuntimesOverview;
  /** Null where sessions run on none of the administrator's machines. */
  readonly machines: readonly Machine[] | null;
  readonly now: Date;
  readonly events: string | null;
}

/** The whole bot, for whoever administers it. It has no token, and no text of a task. */
export function adminPage(view: AdminPageView): Html {
  const { viewer, hosts, overview, events } = view;
  const body = html`<h1>Administration</h1>
    <section id="health" data-live aria-labelledby="health-title">
      <h2 id="health-title">Health check</h2>
      ${healthCheck(view.health, hosts)}
    </section>
    <section id="queue" data-live aria-labelledby="queue-title">
      <h2 id="queue-title">Queue</h2>
      ${queue(overview)}
    </section>
    <section id="delivery" data-live aria-labelledby="delivery-title">
      <h2 id="delivery-title">Deliveries</h2>
      <div class="box">${undelivered(overview.undelivered)} ${missed(overview)}</div>
    </section>
    <section id="runtimes" data-live aria-labelledby="runtimes-title">
      <h2 id="runtimes-title">Copilot runtimes</h2>
      ${runtimeTable(view.runtimes)}
    </section>
    ${view.machines === null ? "" : machines(view.machines, view.now)}
    <section id="failures" data-live aria-labelledby="failures-title">
      <h2 id="failures-title">Failures in the last 30 days</h2>
      <div class="box">${failureCharts(overview.failures, view.now)}</div>
    </section>
    <section id="people" data-live aria-labelledby="people-title">
      <h2 id="people-title">People who connected their Copilot</h2>
      ${peopleTable(overview.people, overview.connections, hosts)}
    </section>`;
  return sitePage({ title: "Administration", viewer, current: "admin", events, body });
}

function machines(all: readonly Machine[], now: Date): Html {
  return html`<section id="machines" data-live aria-labelledby="machines-title">
    <h2 id="machines-title">Your own machines</h2>
    ${machineTable(all, now)}
  </section>`;
}

/** What the doctor found, with its time: an older check is shown until the next one is done. */
function healthCheck(health: HealthCheck | null, hosts: GitHubHosts): Html {
  return html`<div class="box">${findingList(health?.findings ?? null, hosts)}</div>
    ${health === null ? "" : html`<p class="muted">Checked ${timeOf(health.checkedAt)}.</p>`}`;
}

const NO_FILTER = { state: null, repository: null, kind: null, requester: null, search: null };

/** How many tasks the bot has to do with, by state; a number leads to the tasks. */
function queue(overview: AdminPageView["overview"]): Html {
  const { unsettled, oldestQueuedAt, starting, waitingForPlace, waitingForConnection } = overview;
  const total = unsettled.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return html`<div class="box"><p>The bot has nothing to do.</p></div>`;
  const oldest =
    oldestQueuedAt === null
      ? ""
      : html`<p class="muted">
          The oldest task in the queue was requested ${timeOf(oldestQueuedAt)}.
        </p>`;
  return html`<dl class="tiles">
      ${unsettled.map(({ state, count }) => tile(STATE_NAMES[state], count, state))}
      ${tile("Starting", starting)} ${tile("Waiting in line", waitingForPlace)}
      ${tile("Waiting for a connection", waitingForConnection)}
    </dl>
    ${oldest}
    <p class="muted">
      These are the tasks of all repositories. The lists behind the numbers have only those that you
      can read on GitHub.
    </p>`;
}

function tile(name: string, count: number, state: TaskState | null = null): Html {
  const number =
    state === null
      ? html`${count}`
      : html`<a href="${listPath({ ...NO_FILTER, state })}">${count}</a>`;
  return html`<div>
    <dt>${name}</dt>
    <dd>${number}</dd>
  </div>`;
}

function undelivered({ count, oldest }: Undelivered): Html {
  if (oldest === null) return html`<p>All comments are delivered.</p>`;
  const comments = count === 1 ? "1 comment isn't" : `${count} comments aren't`;
  const said = cleanLine(oldest.message, 300).text;
  return html`<p>
    <strong>${comments} delivered</strong>, the oldest since ${timeOf(oldest.since)}:
    ${codeNamed(oldest.type)}${said === "" ? "" : html` (GitHub responded: ${codeNamed(said)})`}.
    The bot keeps trying.
  </p>`;
}

function missed({ missedDeliveries, deliveriesCheckedTo }: AdminPageView["overview"]): Html {
  if (deliveriesCheckedTo === null) {
    return html`<p>The bot hasn't looked for missed webhooks yet.</p>`;
  }
  const checked = html`Checked up to ${timeOf(deliveriesCheckedTo)}.`;
  if (missedDeliveries === 0) return html`<p>No webhook was missed. ${checked}</p>`;
  const webhooks = missedDeliveries === 1 ? "1 webhook was" : `${missedDeliveries} webhooks were`;
  return html`<p>
    <strong>${webhooks} missed</strong>, and GitHub was asked to deliver again. ${checked}
  </p>`;
}
