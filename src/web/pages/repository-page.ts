import { html } from "hono/html";
import { explain, isExplained } from "../../core/comment/remedy.ts";
import type { GitHubHosts } from "../../core/github/hosts.ts";
import type { SettingsPlace } from "../../core/github/settings-pages.ts";
import { POLICY_PATH } from "../../core/policy/schema.ts";
import type { PolicyThere } from "../../ports/policies-in-force.ts";
import type { FailureCount, RepositoryFigures } from "../../ports/task-lists.ts";
import type { Html } from "./document.ts";
import { linkButton } from "./document.ts";
import { ownLine, ownMarkdown } from "./markdown.ts";
import { codeNamed, named, vettedUrl } from "./names.ts";
import type { PolicyFilePlace } from "./policy-file.ts";
import { newPolicyUrl } from "./policy-file.ts";
import { settingsList } from "./settings-list.ts";
import type { RepositorySight } from "./shown-settings.ts";
import { shownSentences } from "./shown-settings.ts";
import type { PageViewer } from "./site-page.ts";
import { sitePage } from "./site-page.ts";
import { listPath } from "./task-filter.ts";
import { taskPath } from "./task-row.ts";
import { timeOf } from "./time.ts";
import { usageList } from "./usage.ts";

/** What `/repositories/OWNER/NAME` shows. */
export interface RepositoryPageView {
  readonly viewer: PageViewer;
  readonly publicUrl: string;
  readonly place: SettingsPlace;
  readonly sight: RepositorySight;
  /** Null where that's unknown, e.g. of an empty repository. */
  readonly defaultBranch: string | null;
  readonly reading: PolicyThere;
  readonly figures: RepositoryFigures;
  readonly events: string | null;
}

/** A repository: what's in force there, how much of its limits is used, and what failed. */
export function repositoryPage(view: RepositoryPageView): Html {
  const { viewer, place, events, reading, figures, sight } = view;
  const { hosts } = place;
  const name = `${place.owner}/${place.repository}`;
  const tasks = listPath({ ...ALL, repository: name });
  const body = html`<nav class="crumbs" aria-label="Breadcrumbs">
      <ol>
        <li><a href="/">Tasks</a></li>
      </ol>
    </nav>
    <header class="head">
      <h1>${named(name)}</h1>
      <p class="meta">
        <a href="${hosts.web}/${name}">On GitHub</a> <a href="${tasks}">Its tasks</a>
      </p>
    </header>
    <section id="limits" data-live aria-labelledby="limits-title">
      <h2 id="limits-title">Limits</h2>
      ${waitingLine(figures)}
      <div class="box">${usageList(figures, reading, sight)}</div>
    </section>
    <section id="failures" data-live aria-labelledby="failures-title">
      <h2 id="failures-title">Failures in the last 30 days</h2>
      ${failureRows(figures.failures, place)}
    </section>
    <section id="settings" data-live aria-labelledby="settings-title">
      <h2 id="settings-title">Settings in force</h2>
      ${settingsOfReading(view, name)}
    </section>`;
  return sitePage({ title: name, viewer, events, body });
}

const ALL = { state: null, repository: null, kind: null, requester: null, search: null };

function waitingLine({ waitingForPlace }: RepositoryFigures): Html | string {
  if (waitingForPlace === 0) return "";
  const tasks = waitingForPlace === 1 ? "1 task waits" : `${waitingForPlace} tasks wait`;
  return html`<p>${tasks} until a session here ends.</p>`;
}

function failureRows(failures: readonly FailureCount[], place: SettingsPlace): Html {
  if (failures.length === 0) return html`<p class="muted">None.</p>`;
  return html`<div class="box flush">
    <ul class="rows">
      ${failures.map((failure) => failureRow(failure, place))}
    </ul>
  </div>`;
}

function failureRow({ code, count, lastAt, lastTaskId }: FailureCount, place: SettingsPlace): Html {
  const about = isExplained(code) ? explain(code, null, place) : null;
  const times = count === 1 ? "Once" : `${count} times`;
  return html`<li>
    <h3>${codeNamed(code)}</h3>
    ${
      about === null
        ? ""
        : html`<p>${ownLine(about.sentence, place.hosts)} ${ownLine(about.remedy, place.hosts)}</p>`
    }
    <p class="meta">
      ${times}, last ${timeOf(lastAt)} in <a href="${taskPath(lastTaskId)}">this task</a>
    </p>
  </li>`;
}

function settingsOfReading(view: RepositoryPageView, name: string): Html {
  const { reading, sight, place } = view;
  switch (reading.type) {
    case "unknown":
      return html`<p class="muted">
        GitHub didn't show the bot the policy files. Reload the page in a minute.
      </p>`;
    case "problems":
      return html`<div class="note danger">
        <p><strong>Nobody can start tasks here until this is fixed.</strong></p>
        ${
          sight.organizationFile || !reading.hasOrganizationFile
            ? html`<div class="markdown">${ownMarkdown(reading.problems, place.hosts)}</div>`
            : html`<p>
                The policy files have problems. People with write access see them on this page.
              </p>`
        }
      </div>`;
    case "policy":
      return policySettings(view, reading, name);
    default:
      return reading satisfies never;
  }
}

type Reading = Extract<PolicyThere, { readonly type: "policy" }>;

function policySettings(
  { place, publicUrl, sight, defaultBranch }: RepositoryPageView,
  reading: Reading,
  name: string,
): Html {
  const { hosts, owner } = place;
  const { gaps, deprecations } = shownSentences(reading, sight);
  return html`${gaps.map(
    (gap) => html`<div class="note attention"><p>${ownLine(gap, hosts)}</p></div>`,
  )}
  ${deprecations.map((old) => html`<div class="note"><p>${ownLine(old, hosts)}</p></div>`)}
  ${filesList(reading, hosts, { name, owner, sight })}
  ${ownFileButton(reading, { hosts, publicUrl }, { name, defaultBranch })}
  ${settingsList(reading, sight, hosts)}`;
}

interface Around {
  readonly name: string;
  readonly owner: string;
  readonly sight: RepositorySight;
}

/** Which versions of the two files were read. */
function filesList(
  { files, isOrganizationVisible }: Reading,
  hosts: GitHubHosts,
  { name, owner, sight }: Around,
): Html {
  const organization = sight.organizationFile ? files.organization : null;
  const none = isOrganizationVisible ? "has no such file" : "isn't visible to the bot";
  const hidden =
    files.organization === null
      ? "has no such file, or isn't visible to the bot"
      : "has settings that people with write access see here";
  const row = (repository: string, file: Reading["files"]["repository"], without: string) => {
    const url = file === null ? null : vettedUrl(file.url, hosts);
    const version =
      file === null || url === null
        ? without
        : html`has <a href="${url}">version <code>${file.commit.slice(0, 7)}</code></a>`;
    return html`<li>${named(repository)} ${version}</li>`;
  };
  return html`<p>These come from <code>${POLICY_PATH}</code> in two repositories:</p>
    <ul class="bullets">
      ${row(name, files.repository, "has no such file")}
      ${row(`${owner}/.github`, organization, sight.organizationFile ? none : hidden)}
    </ul>`;
}

function ownFileButton(
  { files }: Reading,
  place: PolicyFilePlace,
  { name, defaultBranch }: { readonly name: string; readonly defaultBranch: string | null },
): Html | string {
  if (files.repository !== null || defaultBranch === null) return "";
  const url = newPolicyUrl(place, name, defaultBranch);
  return html`<p>${linkButton({ text: "Create a policy file on GitHub", url })}</p>`;
}
