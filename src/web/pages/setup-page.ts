import { html } from "hono/html";
import type { Finding } from "../../core/doctor/finding.ts";
import type { GitHubHosts } from "../../core/github/hosts.ts";
import type { InstalledApp } from "../../ports/setup.ts";
import { findingList } from "./finding-list.ts";
import { icon } from "./icons.ts";
import type { Html } from "./document.ts";
import { linkButton, postForm } from "./document.ts";
import { labelProgress } from "./label-progress.ts";
import { codeNamed, named, vettedUrl } from "./names.ts";
import type { SetupRepository } from "./setup-repositories.ts";
import { setupRepositories } from "./setup-repositories.ts";
import type { PageViewer } from "./site-page.ts";
import { sitePage } from "./site-page.ts";

/** How many labels the button creates: GitHub takes one a second, and somebody waits for the page. */
export const LABELS_AT_ONCE = 20;

/** What `/setup` shows of one installation, to an administrator of its account. */
export interface SetupPageView extends Pick<
  InstalledApp,
  "installation" | "missingPermissions" | "repositoryCount" | "labelings"
> {
  readonly viewer: PageViewer;
  readonly hosts: GitHubHosts;
  readonly publicUrl: string;
  /** Null when they couldn't be had. */
  readonly findings: readonly Finding[] | null;
  /** Those that are shown; there may be more. */
  readonly repositories: readonly SetupRepository[];
  /** Of the form: sent twice, it counts once. */
  readonly key: string;
  /** What the button has come to; null where nobody pressed it. */
  readonly created: { readonly labels: number; readonly failed: readonly string[] } | null;
}

/** An installation of the App: what's there, what's missing, and how to go on. */
export function setupPage(view: SetupPageView): Html {
  const { viewer, hosts, installation, repositories, repositoryCount } = view;
  const url = vettedUrl(installation.url, hosts);
  const body = html`<header class="head">
      <h1>Set up the bot for ${named(installation.account)}</h1>
      <p class="meta">
        Installed on
        ${whichRepositories(view)}${url === null ? "" : html`. <a href="${url}">Change this on GitHub</a>`}
      </p>
    </header>
    ${createdNote(view.created)} ${suspended(view)} ${permissions(view, url)}
    <section aria-labelledby="labels-title">
      <h2 id="labels-title">Repositories</h2>
      ${labelProgress(view.labelings)} ${labelForm(view)}
      ${setupRepositories(view.repositories, view)}
      ${
        repositoryCount > repositories.length
          ? html`<p class="muted">… and ${repositoryCount - repositories.length} more.</p>`
          : ""
      }
    </section>
    <section aria-labelledby="health-title">
      <h2 id="health-title">Health check</h2>
      <div class="box">${findingList(view.findings, hosts)}</div>
    </section>
    ${nextSteps()}`;
  return sitePage({ title: `Set up ${installation.account}`, viewer, body });
}

function whichRepositories({ installation, repositoryCount }: SetupPageView): string {
  const { repositories, isSuspended } = installation;
  if (repositories === "all") return "all repositories";
  // GitHub doesn't say how many.
  if (isSuspended) return "selected repositories";
  return `${repositoryCount} selected ${repositoryCount === 1 ? "repository" : "repositories"}`;
}

function createdNote(created: SetupPageView["created"]): Html | string {
  if (created === null) return "";
  const { labels, failed } = created;
  const many = labels === 1 ? "1 label was created." : `${labels} labels were created.`;
  return html`<div class="note ${failed.length === 0 ? "success" : "attention"}" role="status">
    <p>${many}</p>
    ${
      failed.length === 0
        ? ""
        : html`<p>
            GitHub refused them in
            ${failed.map((name) => html`<span class="item">${named(name)}</span>`)}.
          </p>`
    }
  </div>`;
}

function suspended({ installation }: SetupPageView): Html | string {
  if (!installation.isSuspended) return "";
  return html`<div class="note danger">
    <p>
      <strong>The installation is suspended, so the bot does nothing.</strong> An owner of
      ${named(installation.account)} can unsuspend it in GitHub's settings.
    </p>
  </div>`;
}

function permissions({ missingPermissions }: SetupPageView, url: string | null): Html {
  const content =
    missingPermissions.length === 0
      ? html`<p>${icon("done")} The App has the permissions that it needs.</p>`
      : html`<p>
            <strong>The App asks for permissions that nobody has accepted yet.</strong> Until then,
            parts of the bot don't work here.
          </p>
          <ul class="bullets">
            ${missingPermissions.map(
              ({ name, wanted, granted }) =>
                html`<li>
                  ${codeNamed(`${name}: ${wanted}`)}
                  ${granted === null ? "(now none)" : html`(now ${codeNamed(granted)})`}
                </li>`,
            )}
          </ul>
          ${url === null ? "" : linkButton({ text: "Review permissions on GitHub", url })}`;
  return html`<section aria-labelledby="permissions-title">
    <h2 id="permissions-title">Permissions</h2>
    <div class="box">${content}</div>
  </section>`;
}

/** One button for all that's missing. */
function labelForm({ repositories, installation, viewer, key }: SetupPageView): Html | string {
  const missing = repositories.flatMap(({ labels }) =>
    (labels ?? []).filter(({ exists }) => !exists),
  ).length;
  if (missing === 0) {
    const isKnown = repositories.every(({ labels }) => labels !== null);
    if (isKnown && repositories.length > 0) {
      return html`<p>These repositories have the labels that start tasks.</p>`;
    }
    return "";
  }
  const all = missing === 1 ? "1 missing label" : `${missing} missing labels`;
  const many = missing > LABELS_AT_ONCE ? `${LABELS_AT_ONCE} of ${all}` : all;
  return postForm(
    { action: "/setup/labels", formToken: viewer.formToken },
    html`<p>
        Labels start tasks. People can add one only where it exists; commands work without them.
      </p>
      <input type="hidden" name="installation_id" value="${installation.id}" />
      <input type="hidden" name="key" value="${key}" />
      <p><button class="button primary">Create ${many}</button></p>`,
  );
}

function nextSteps(): Html {
  return html`<section aria-labelledby="next-title">
    <h2 id="next-title">Try it</h2>
    <div class="box">
      <ol class="bullets">
        <li>
          Open an issue, and comment <code>/copilot help</code>: the bot lists what works there.
        </li>
        <li>Comment <code>/copilot triage</code>, or add the label <code>copilot:triage</code>.</li>
        <li>Watch the task under <a href="/">Tasks</a>, or in the bot's comment.</li>
      </ol>
    </div>
  </section>`;
}

/** What `/setup` shows where it isn't said which installation is meant. */
export interface SetupChoiceView {
  readonly viewer: PageViewer;
  /** Those whose accounts the viewer administers. */
  readonly installations: readonly { readonly id: number; readonly account: string }[];
  /** Where GitHub installs the App; null where that's unknown. */
  readonly installUrl: string | null;
}

/** A choice of the installations that somebody administers. */
export function setupChoicePage({ viewer, installations, installUrl }: SetupChoiceView): Html {
  const install =
    installUrl === null ? "" : linkButton({ text: "Install the App", url: installUrl });
  const list = html`<div class="box flush">
    <ul class="rows">
      ${installations.map(
        ({ id, account }) =>
          html`<li>
            <h2><a href="/setup?installation_id=${id}">${named(account)}</a></h2>
          </li>`,
      )}
    </ul>
  </div>`;
  const body = html`<div class="middle">
    <h1>Set up the bot</h1>
    ${
      installations.length === 0
        ? html`<p>
            The App isn't installed in an account that you administer. Organization owners, and
            people for their own account, can install it.
          </p>`
        : list
    }
    <p>${install}</p>
  </div>`;
  return sitePage({ title: "Set up the bot", viewer, body });
}
