import { html } from "hono/html";
import { isUnseen } from "../../core/comment/links.ts";
import type { CommentView } from "../../core/comment/view.ts";
import { viewOf } from "../../core/comment/view.ts";
import type { GitHubHosts } from "../../core/github/hosts.ts";
import type { Task } from "../../core/task/task.ts";
import type { Html } from "./document.ts";
import { agentWords } from "./markdown.ts";
import { named, personNamed } from "./names.ts";
import type { PageViewer } from "./site-page.ts";
import { sitePage } from "./site-page.ts";
import { actionsOf, messageSection } from "./task-actions.ts";
import type { CommandTarget } from "./task-command.ts";
import { pullList, repositoryNamed, sessionBox, taskFacts } from "./task-facts.ts";
import { machineNotes } from "./task-hosting.ts";
import { labelMark, labelOf } from "./task-label.ts";
import type { Offers, Steerer } from "./task-offers.ts";
import { offersFor } from "./task-offers.ts";
import { requestBox } from "./task-request.ts";
import type { CommandResult } from "./task-result.ts";
import { resultNote } from "./task-result.ts";
import { subjectOf, triggerOf } from "./task-row.ts";
import { statusOf } from "./task-status.ts";
import type { StepCommand, TaskStep } from "./task-steps.ts";
import { stepList } from "./task-steps.ts";
import { timeOf } from "./time.ts";

/** What `/tasks/ID` shows. */
export interface TaskPageView {
  readonly viewer: PageViewer & Steerer;
  readonly hosts: GitHubHosts;
  readonly task: Task;
  /** When the page is shown. */
  readonly now: Date;
  readonly steps: readonly TaskStep[];
  readonly commands: readonly StepCommand[];
  /** The address of the session as a picture; null where there's none. */
  readonly qr: Html | null;
  /** What of the forms' one-time keys is this page's own: 128 random bits or more, of letters, digits, `_`, and `-`. */
  readonly key: string;
  /** What came of the command that led here; null where none did. */
  readonly result: CommandResult | null;
  /** Whether its repository's page is for this viewer. */
  readonly isRepositoryLinked: boolean;
  readonly events: string | null;
}

/** The most characters that are shown of the agent's last words. */
const MAX_WORDS = 20_000;

/** A task: what was asked, decided, and why; what the agent says and wants; what can be done. */
export function taskPage(page: TaskPageView): Html {
  const { task, hosts, viewer, events, result, now } = page;
  const view = viewOf(task, hosts, now);
  const label = labelOf(view);
  const offers = offersFor(task, viewer);
  const target = { taskId: task.id, formToken: viewer.formToken, key: page.key };
  const body = html`${crumbs(view, page.isRepositoryLinked)} ${head(task, view)}
    ${resultNote(result, hosts)}
    <div class="columns">
      <div class="primary-column">
        ${machineNotes(view)} ${requests(task, view, { offers, target })}
        <section id="status" data-live aria-label="Status">
          ${statusOf(view, task.requester.id === viewer.id)}
        </section>
        ${words(task, hosts)} ${messageSection(offers, target)}
      </div>
      <div class="side">${side(page, view, { offers, target })}</div>
      <section class="history" id="steps" data-live aria-labelledby="steps-title">
        <h2 id="steps-title">What happened</h2>
        ${stepList(page.steps, page.commands, { requester: view.requester, hosts })}
      </section>
    </div>`;
  const title = `${label.text}: ${view.name} in ${subjectOf(task)}`;
  return sitePage({ title, viewer, current: "tasks", events, body });
}

function crumbs({ repository }: CommentView, isLinked: boolean): Html {
  return html`<nav class="crumbs" aria-label="Breadcrumbs">
    <ol>
      <li><a href="/">Tasks</a></li>
      <li>${repositoryNamed(repository, isLinked)}</li>
    </ol>
  </nav>`;
}

function head(task: Task, view: CommentView): Html {
  const { hosts } = view;
  const { place, subject } = task;
  const thread = `${hosts.web}/${place.owner}/${place.repository}/${subject.type === "issue" ? "issues" : "pull"}/${subject.number}`;
  const { id } = task.shown.comment;
  const comment = id === null ? thread : `${thread}#issuecomment-${id}`;
  return html`<header id="head" class="head" data-live>
    <h1>
      ${named(view.name)} <span>in <a href="${comment}">${named(subjectOf(task))}</a></span>
    </h1>
    <p class="meta">
      ${labelMark(labelOf(view))}
      <span
        >Requested by ${personNamed(view.requester, hosts)} with ${triggerOf(view)},
        ${timeOf(task.createdAt)}</span
      >
    </p>
  </header>`;
}

interface Doing {
  readonly offers: Offers;
  readonly target: CommandTarget;
}

/** What the agent waits for, each request whole. */
function requests(task: Task, view: CommentView, { offers, target }: Doing): Html {
  const { asking } = task.session.progress;
  const isWaiting = task.state === "waiting_for_user" && asking.length > 0;
  if (!isWaiting) return html`<section id="requests" data-live hidden></section>`;
  const isOpen = task.session.unfollowed === null;
  const sessionUrl = view.session?.url ?? null;
  const answering = {
    target,
    offers,
    hosts: view.hosts,
    isOpen,
    sessionUrl,
    isUnseen: isUnseen(view),
  };
  return html`<section id="requests" data-live aria-labelledby="requests-title">
    <h2 id="requests-title">${isOpen ? "Copilot is waiting" : "Copilot was waiting"}</h2>
    ${asking.map((asked) => requestBox(asked, answering))}
  </section>`;
}

function words({ session }: Task, hosts: GitHubHosts): Html {
  const { progress, prompt } = session;
  const shown = agentWords(progress.said ?? "", MAX_WORDS, hosts);
  if (shown.isEmpty && prompt.deliveredAt === null) {
    return html`<section id="words" data-live hidden></section>`;
  }
  const content = shown.isEmpty
    ? html`<p class="muted">Nothing yet.</p>`
    : html`<div class="box markdown">${shown.html}</div>
        ${shown.isCut ? html`<p class="muted">The session has the rest.</p>` : ""}`;
  return html`<section id="words" data-live aria-labelledby="words-title">
    <h2 id="words-title">What Copilot last said</h2>
    ${content}
  </section>`;
}

function side(page: TaskPageView, view: CommentView, doing: Doing): Html {
  const { task, hosts, qr } = page;
  const session = sessionBox(view, qr, hosts);
  const pulls = pullList(task, view, hosts);
  return html`<section id="session" data-live aria-labelledby="session-title">
      <h2 id="session-title">Session</h2>
      ${session ?? html`<p class="muted">There's no session yet.</p>`}
    </section>
    <section id="actions" data-live aria-labelledby="actions-title">
      <h2 id="actions-title">Actions</h2>
      ${actionsOf(doing.offers, doing.target, task.session.hosting)}
    </section>
    <section id="pulls" data-live aria-labelledby="pulls-title">
      <h2 id="pulls-title">Pull requests</h2>
      ${pulls ?? html`<p class="muted">None yet.</p>`}
    </section>
    <section id="facts" data-live aria-labelledby="facts-title">
      <h2 id="facts-title">Request and decision</h2>
      ${taskFacts(task, view, page)}
    </section>`;
}
