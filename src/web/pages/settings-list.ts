import { html } from "hono/html";
import { shownValue } from "../../core/comment/setting-values.ts";
import type { Setting } from "../../core/comment/settings.ts";
import { isChanged } from "../../core/comment/settings.ts";
import type { GitHubHosts } from "../../core/github/hosts.ts";
import type { FileOwner, Source } from "../../core/policy/policy.ts";
import { settingPlaces } from "../../core/policy/setting-places.ts";
import { inlineCode, plainLine } from "../../core/text/quote.ts";
import type { PolicyInForce, ReadPolicyFile } from "../../ports/policies-in-force.ts";
import type { Html } from "./document.ts";
import { ownLine } from "./markdown.ts";
import { codeNamed, vettedUrl } from "./names.ts";
import type { RepositorySight } from "./shown-settings.ts";
import { shownSettings } from "./shown-settings.ts";

const MAX_VALUE = 200;

/** Each setting, its value, and from which line of which file it comes: what differs from the defaults first. */
export function settingsList(
  reading: PolicyInForce,
  sight: RepositorySight,
  hosts: GitHubHosts,
): Html {
  const others = shownSettings(reading, sight).filter((setting) => !isChanged(setting));
  const changed = differingSettings(reading, sight, hosts);
  return html`${
    changed.count === 0 ? html`<p>All settings have their default values.</p>` : changed.rows
  }
  ${
    others.length === 0
      ? ""
      : html`<details id="defaults">
          <summary>Settings with their default values (${others.length})</summary>
          ${settingRows(others, reading, sight, hosts)}
        </details>`
  }`;
}

/** The settings that differ from the defaults, as `settingsList` shows them. */
export function differingSettings(
  reading: PolicyInForce,
  sight: RepositorySight,
  hosts: GitHubHosts,
): { readonly count: number; readonly rows: Html } {
  const changed = shownSettings(reading, sight).filter(isChanged);
  return { count: changed.length, rows: settingRows(changed, reading, sight, hosts) };
}

function settingRows(
  settings: readonly Setting[],
  reading: PolicyInForce,
  sight: RepositorySight,
  hosts: GitHubHosts,
): Html {
  const { repository, organization } = reading.files;
  const files = { repository, organization: sight.organizationFile ? organization : null };
  const places = {
    organization: placesIn(files.organization),
    repository: placesIn(files.repository),
  };
  return html`<dl class="settings">
    ${settings.map((setting) => settingRow(setting, { places, files, hosts }))}
  </dl>`;
}

type Places = ReturnType<typeof settingPlaces> | null;

function placesIn(file: ReadPolicyFile | null): Places {
  return file === null ? null : settingPlaces(file.file);
}

interface Around {
  readonly places: Readonly<Record<FileOwner, Places>>;
  readonly files: PolicyInForce["files"];
  readonly hosts: GitHubHosts;
}

function settingRow({ name, value, source }: Setting, around: Around): Html {
  return html`<div>
    <dt>${codeNamed(name)}</dt>
    <dd>${ownLine(shownValue(value, code), around.hosts)}</dd>
    <dd class="source">${sourceOf(name, source, around)}</dd>
  </div>`;
}

/** Others' text as code. */
function code(text: string): string {
  return inlineCode(plainLine(text, MAX_VALUE));
}

function sourceOf(name: string, source: Source | undefined, around: Around): Html {
  if (source === undefined) return html`Default`;
  const { from, enforced, overruled } = source;
  const owners = (["organization", "repository"] as const).filter((owner) => from.includes(owner));
  const [first, second] = owners.map((owner) => placeLink(owner, name, around));
  const where = second === undefined ? (first ?? "Default") : html`${first} and ${second}`;
  const forced = enforced ? ", enforced" : "";
  if (overruled === undefined) return html`${where}${forced}`;
  const said = ownLine(shownValue(overruled, code), around.hosts);
  return html`${where}${forced}; ${placeLink("repository", name, around)} says ${said}, which has no
  effect`;
}

const WHOSE = { organization: "The organization", repository: "The repository" } as const;

function placeLink(owner: FileOwner, name: string, { places, files, hosts }: Around): Html {
  const line = places[owner]?.(name)?.line ?? null;
  const url = vettedUrl(files[owner]?.url ?? "", hosts);
  if (line === null || url === null) return html`${WHOSE[owner]}`;
  return html`<a href="${url}#L${line}">${WHOSE[owner]}, line ${line}</a>`;
}
