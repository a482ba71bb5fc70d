import { html } from "hono/html";
import type { CommentView } from "../../core/comment/view.ts";
import type { GitHubHosts } from "../../core/github/hosts.ts";
import { providedAccount } from "../../core/policy/identity-choice.ts";
import { capitalized } from "../../core/text/capitals.ts";
import { pullsOf } from "../../core/session/pulls.ts";
import { ownPull } from "../../core/session/page-link.ts";
import { sessionsPage } from "../../core/session/link.ts";
import type { Hosting } from "../../core/task/hosting.ts";
import type { SessionSetting } from "../../core/task/session.ts";
import type { Task } from "../../core/task/task.ts";
import { cleanLine } from "../../core/text/plain.ts";
import type { Html } from "./document.ts";
import { ownLine } from "./markdown.ts";
import { codeNamed, named, personNamed } from "./names.ts";
import { hostingFacts } from "./task-hosting.ts";
import { taskPath } from "./task-row.ts";

type Fact = readonly [name: string, value: Html | string | null];

/** Names and what they stand for; those without anything are left out. */
function factList(facts: readonly Fact[]): Html {
  return html`<dl class="facts">
    ${facts.map(([name, value]) =>
      value === null
        ? ""
        : html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
    )}
  </dl>`;
}

interface FactsOptions {
  readonly hosts: GitHubHosts;
  readonly isRepositoryLinked: boolean;
}

/** What was asked, what was decided, and by which policy. */
export function taskFacts(
  task: Task,
  view: CommentView,
  { hosts, isRepositoryLinked }: FactsOptions,
): Html {
  const { decision, requester, session } = task;
  const base = `${hosts.web}/${view.repository}`;
  return factList([
    ["Kind", decision.kind === null ? null : named(decision.kind)],
    ["Role at that time", requester.role],
    ["Repository", repositoryNamed(view.repository, isRepositoryLinked)],
    ["Transferred from", view.movedFrom === null ? null : named(view.movedFrom)],
    ["Branch", decision.branch === null ? null : codeNamed(decision.branch)],
    ["Commit", commitLink(base, decision.commit)],
    ["Copilot of", copilotOf(view, hosts)],
    ...hostingFacts(view, hosts),
    ["Policy", policyOf(task, view, hosts)],
    ["Agent's requests", requestPolicy(task)],
    ...session.settings.map(settingFact),
    ["Left out of the prompt", view.leftOut === null ? null : ownLine(view.leftOut, hosts)],
    ["Retry of", retryOf(decision.retryOf)],
    ["Task", html`<code>${task.id}</code>`],
  ]);
}

/** A repository's name, with a link where its page is for the viewer. */
export function repositoryNamed(repository: string, isLinked: boolean): Html {
  return isLinked
    ? html`<a href="/repositories/${repository}">${named(repository)}</a>`
    : named(repository);
}

function commitLink(base: string, commit: string | null): Html | null {
  if (commit === null || !/^[0-9a-f]{40}$/u.test(commit)) return null;
  return html`<a href="${base}/commit/${commit}"><code>${commit.slice(0, 7)}</code></a>`;
}

function copilotOf({ identity, requester }: CommentView, hosts: GitHubHosts): Html | null {
  if (identity === null) return null;
  return identity === "requester"
    ? personNamed(requester, hosts)
    : html`${capitalized(providedAccount(identity).account)}`;
}

/** Which versions of the two policy files counted, if there were any. */
function policyOf({ decision, place }: Task, view: CommentView, hosts: GitHubHosts): Html | null {
  const { policyCommit, defaultsCommit } = decision;
  const own = commitLink(`${hosts.web}/${view.repository}`, policyCommit);
  const defaults = commitLink(`${hosts.web}/${place.owner}/.github`, defaultsCommit);
  if (own === null) return null;
  return html`As of commit
  ${own}${defaults === null ? "" : html`, and ${defaults} of ${named(`${place.owner}/.github`)}`}`;
}

const REQUESTS = {
  ask: "People decide",
  approve: "Approved by the policy",
  "deny-writes-to-default-branch": "Writes to the default branch are denied",
} as const;

function requestPolicy({ decision }: Task): string | null {
  const { permissionsPolicy } = decision;
  return permissionsPolicy === null ? null : REQUESTS[permissionsPolicy];
}

const SETTINGS = { model: "Model", reasoning_effort: "Reasoning effort" } as const;

function settingFact({ name, value, isTaken }: SessionSetting): Fact {
  const shown = codeNamed(value);
  return [SETTINGS[name], isTaken ? shown : html`${shown} (not confirmed by the session)`];
}

function retryOf(id: string | null): Html | null {
  return id === null ? null : html`<a href="${taskPath(id)}"><code>${id.slice(0, 8)}</code></a>`;
}

/** Pull requests of the task's own repository, linked; others are named. Null when there are none. */
export function pullList(task: Task, view: CommentView, hosts: GitHubHosts): Html | null {
  const pulls = pullsOf(task.session);
  if (pulls.length === 0) return null;
  return html`<ul class="plain">
    ${pulls.map((address) => {
      const own = ownPull(address, view.repository, hosts);
      const shown =
        own === null
          ? codeNamed(cleanLine(address, 300).text)
          : html`<a href="${own.url}">${named(`${view.repository}#${own.number}`)}</a>`;
      return html`<li>${shown}</li>`;
    })}
  </ul>`;
}

/** The address of the session, for a phone. @param path of the picture */
export function qrPicture(path: string): Html {
  return html`<img
    src="${path}"
    alt="QR code of the session's address"
    width="200"
    height="200"
  />`;
}

/** Of a session that isn't to be seen on GitHub. */
function unseenBox({ machine, share }: Hosting): Html {
  if (machine === null) return html`<p class="muted">It has no machine yet.</p>`;
  const where =
    share?.type === "shared" ? "GitHub shows it in its owner's list." : "GitHub doesn't show it.";
  return html`<p class="muted">It's on the administrator's machine. ${where}</p>`;
}

/** Where the session is, with its address as a picture for a phone. @param qr null where there's none */
export function sessionBox(view: CommentView, qr: Html | null, hosts: GitHubHosts): Html | null {
  const { session, isAskedFor } = view;
  const list = html`<a href="${sessionsPage(hosts)}">list of sessions</a>`;
  if (view.hosting !== null && session === null) return unseenBox(view.hosting);
  if (session === null) {
    return isAskedFor ? html`<p>The session may be in the ${list}.</p>` : null;
  }
  const guess = session.isGuess
    ? html`<p class="muted">If GitHub doesn't show it there, find it in the ${list}.</p>`
    : "";
  const code =
    qr === null
      ? ""
      : html`<figure class="qr">
          ${qr}
          <figcaption>Scan it to open the session on your phone.</figcaption>
        </figure>`;
  return html`<a class="button block" href="${session.url}">Open session</a> ${guess}${code}`;
}
