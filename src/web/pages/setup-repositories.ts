import { html } from "hono/html";
import type { GitHubHosts } from "../../core/github/hosts.ts";
import type { PolicyInForce, RepositoryPolicy } from "../../ports/policies-in-force.ts";
import type { InstalledApp } from "../../ports/setup.ts";
import type { Html } from "./document.ts";
import { icon } from "./icons.ts";
import { ownMarkdown } from "./markdown.ts";
import { named } from "./names.ts";
import { newPolicyUrl } from "./policy-file.ts";
import { differingSettings } from "./settings-list.ts";

/** A repository of the installation. */
export interface SetupRepository {
  /** E.g. `octo-org/hello`. */
  readonly name: string;
  /** Null where the App isn't installed anymore. */
  readonly policy: RepositoryPolicy | null;
  /** The labels that start tasks there, and whether the repository has them; null where that's unknown. */
  readonly labels: readonly { readonly name: string; readonly exists: boolean }[] | null;
}

interface Around extends Pick<InstalledApp, "installation"> {
  readonly hosts: GitHubHosts;
  /** The bot's own origin. */
  readonly publicUrl: string;
}

/** The installation's repositories: their labels, and the policy in force. */
export function setupRepositories(
  repositories: readonly SetupRepository[],
  { installation, ...place }: Around,
): Html {
  if (repositories.length === 0) {
    const text = installation.isSuspended
      ? "While the installation is suspended, GitHub doesn't show the bot its repositories."
      : "No repository is selected. Choose some in GitHub's settings.";
    return html`<p class="muted">${text}</p>`;
  }
  return html`<div class="box flush">
    <ul class="rows">
      ${repositories.map((repository) => repositoryRow(repository, place))}
    </ul>
  </div>`;
}

function repositoryRow(
  { name, labels, policy }: SetupRepository,
  place: Omit<Around, "installation">,
): Html {
  const branch = policy?.hasFile === true ? null : (policy?.defaultBranch ?? null);
  const create =
    branch === null
      ? ""
      : html`<a href="${newPolicyUrl(place, name, branch)}">Create a policy file</a>`;
  return html`<li>
    <h3>${named(name)}</h3>
    ${policy?.reading.type === "policy" ? labelStates(labels) : ""}
    ${policyThere(policy, place.hosts)}
    <p class="meta actions">
      <a href="/repositories/${name}">All settings and limits</a>
      ${create}
    </p>
  </li>`;
}

function labelStates(labels: SetupRepository["labels"]): Html {
  const states =
    labels === null
      ? html`<span class="muted">The bot couldn't see the labels.</span>`
      : labels.map(labelState);
  return html`<p class="label-row">${states}</p>`;
}

function labelState({ name, exists }: { readonly name: string; readonly exists: boolean }): Html {
  return exists
    ? html`<span class="label success"
        >${icon("done")}${named(name)}<span class="unseen"> exists</span></span
      >`
    : html`<span class="label attention">${icon("waiting")}${named(name)} is missing</span>`;
}

/** What's in force, or why nothing starts there. */
function policyThere(policy: RepositoryPolicy | null, hosts: GitHubHosts): Html {
  const reading = policy?.reading ?? { type: "unknown" as const };
  switch (reading.type) {
    case "unknown":
      return html`<p class="muted">GitHub didn't show the bot the policy files.</p>`;
    case "problems":
      return html`<div class="note danger">
        <p><strong>Nobody can start tasks here until this is fixed.</strong></p>
        <div class="markdown">${ownMarkdown(reading.problems, hosts)}</div>
      </div>`;
    case "policy":
      return policyInForce(reading, hosts);
    default:
      return reading satisfies never;
  }
}

/** Whoever administers the account may see its files. */
const EVERYTHING = { organizationFile: true, organizationUse: true };

function policyInForce(reading: PolicyInForce, hosts: GitHubHosts): Html {
  const { count, rows } = differingSettings(reading, EVERYTHING, hosts);
  if (count === 0)
    return html`<p class="muted">Policy in force: all settings have their default values.</p>`;
  const many = count === 1 ? "1 setting differs" : `${count} settings differ`;
  return html`<details>
    <summary>Policy in force: ${many} from the defaults</summary>
    ${rows}
  </details>`;
}
