import { html } from "hono/html";
import { hostLabels, machineWarnings, usageText } from "../../core/comment/hosted.ts";
import { branchLink } from "../../core/comment/publication.ts";
import type { CommentView } from "../../core/comment/view.ts";
import type { GitHubHosts } from "../../core/github/hosts.ts";
import type { Hosting } from "../../core/task/hosting.ts";
import type { Html } from "./document.ts";
import { ownLine } from "./markdown.ts";
import { codeNamed, named } from "./names.ts";
import { timeOf } from "./time.ts";

/** What every reader has to know of the machine that a session runs on, above all before they approve something. */
export function machineNotes(view: CommentView): Html {
  const warnings = machineWarnings(view);
  if (warnings.length === 0) return html`<div id="machine" data-live hidden></div>`;
  return html`<div id="machine" data-live>
    ${warnings.map(
      (warning) => html`<div class="note attention"><p>${ownLine(warning, view.hosts)}</p></div>`,
    )}
  </div>`;
}

/** Where a session runs, what it reaches and has used, and where its commits are: names, and what they stand for. */
export function hostingFacts(view: CommentView, hosts: GitHubHosts) {
  const { hosting } = view;
  if (hosting === null) return [];
  const { usage, awaySince, machine } = hosting;
  const isPlaced = machine !== null;
  return [
    ["Machine", machineOf(hosting)],
    ["Isolation", isolationOf(hosting)],
    ["Not reached since", awaySince === null ? null : timeOf(awaySince)],
    ["Network besides Copilot", networkOf(hosting)],
    ["On GitHub", isPlaced ? SHOWN[shownAs(view, hosting)] : null],
    ["Commits", isPlaced ? commitsOf(view, hosting, hosts) : null],
    ["Used", usage === null ? null : usageText(usage)],
  ] as const;
}

/** The machine of a task, in a list; nothing for a session in GitHub's cloud. */
export function machineMark({ hosting }: CommentView): Html | string {
  return hosting === null || hosting.machine === null
    ? ""
    : html`, on ${codeNamed(hosting.machine)}`;
}

function machineOf(hosting: Hosting): Html {
  const labels = hostLabels(hosting);
  const name = hosting.machine === null ? html`None yet` : codeNamed(hosting.machine);
  return labels === "" ? name : html`${name} (${named(hosting.labels.join(", "))})`;
}

function isolationOf({ isIsolated }: Hosting): Html | null {
  if (isIsolated === null) return null;
  return isIsolated ? html`On` : html`Turned off (<code>ISOLATION=none</code>)`;
}

function networkOf({ egress, isIsolated }: Hosting): Html | string {
  if (isIsolated === false) return "Not limited";
  if (egress.length === 0) return "None";
  return html`${egress.map((host, index) => html`${index === 0 ? "" : ", "}${codeNamed(host)}`)}`;
}

type ShownAs = "shared" | "refused" | "never" | "not";

function shownAs({ session }: CommentView, { share, sharing }: Hosting): ShownAs {
  if (session !== null || share?.type === "shared") return "shared";
  if (share?.type === "refused") return "refused";
  return sharing === "never" ? "never" : "not";
}

const SHOWN: Readonly<Record<ShownAs, string>> = {
  shared: "Yes, for the owner of the session's Copilot",
  refused: "No: it was refused",
  never: "No: the policy keeps it on its machine",
  not: "No",
};

function commitsOf(view: CommentView, { push, publication }: Hosting, hosts: GitHubHosts) {
  const branch = branchLink(view);
  if (branch !== null) return html`Pushed to ${ownLine(branch, hosts)}`;
  if (push === "never") return "Aren't pushed";
  return publication === null ? "Not pushed yet" : "Not pushed";
}
