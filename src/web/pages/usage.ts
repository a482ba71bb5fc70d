import { html } from "hono/html";
import type { Limits } from "../../core/policy/limits.ts";
import type { PolicyThere } from "../../ports/policies-in-force.ts";
import type { LimitUse, RepositoryFigures } from "../../ports/task-lists.ts";
import type { Html } from "./document.ts";
import type { RepositorySight } from "./shown-settings.ts";
import { isOrganizations } from "./shown-settings.ts";

/** How much of a limit is used. */
interface Usage {
  readonly name: string;
  readonly used: number;
  /** Null where there's no limit; `unknown` while no policy is in force. */
  readonly most: number | "unknown" | null;
  /** The setting that says so. */
  readonly setting: string;
}

/** The limits of a repository, and how much of each is used, as far as it's the viewer's to see. */
export function usageList(
  figures: RepositoryFigures,
  reading: PolicyThere,
  sight: RepositorySight,
): Html {
  const { limits, sources } =
    reading.type === "policy"
      ? { limits: reading.policy.limits, sources: reading.sources }
      : { limits: null, sources: null };
  const uses = figures.limits.filter(
    ({ scope }) => scope !== "organization" || sight.organizationUse,
  );
  const atOnce: Usage = {
    name: "Sessions at once",
    used: figures.running,
    most: limits === null ? "unknown" : limits.atOnce,
    setting: "limits.at_once",
  };
  const usages = [atOnce, ...uses.map((use) => usageOf(use, limits))];
  const isHidden = ({ setting }: Usage) =>
    !sight.organizationFile && isOrganizations(sources?.get(setting));
  return html`<ul class="usage">
    ${usages.map((usage) => (isHidden(usage) ? withoutBar(usage, "limit set by the organization") : row(usage)))}
  </ul>`;
}

const WHOSE = {
  requester: "Your tasks",
  repository: "This repository's tasks",
  organization: "The organization's tasks",
} as const;

function usageOf({ scope, per, used }: LimitUse, limits: Limits | null): Usage {
  return {
    name: `${WHOSE[scope]} in the last ${per === "hour" ? "hour" : "24 hours"}`,
    used,
    most: limits === null ? "unknown" : limits[scope][per],
    setting: `limits.${scope}.${per}`,
  };
}

function row({ name, used, most, setting }: Usage): Html {
  if (most === null || most === "unknown") {
    const words = most === null ? "no limit" : "limit unknown";
    return withoutBar({ name, used, setting }, words);
  }
  const isFull = used >= most;
  return html`<li>
    <p class="usage-name">${name} <code>${setting}</code></p>
    <p class="usage-value">
      <strong>${used}</strong> of ${most}
      ${isFull ? html`<span class="full">Limit reached</span>` : ""}
    </p>
    ${bar(used, most, isFull)}
  </li>`;
}

/** Without the limit, nor whether it's reached. @param limit says why there's none here */
function withoutBar({ name, used, setting }: Omit<Usage, "most">, limit: string): Html {
  return html`<li>
    <p class="usage-name">${name} <code>${setting}</code></p>
    <p class="usage-value"><strong>${used}</strong> (${limit})</p>
  </li>`;
}

/** The words above it say the same. */
function bar(used: number, most: number, isFull: boolean): Html {
  const share = most === 0 ? 100 : Math.min(100, Math.round((used / most) * 100));
  return html`<svg
    class="meter ${isFull ? "danger" : ""}"
    viewBox="0 0 100 2"
    preserveAspectRatio="none"
    aria-hidden="true"
  >
    <rect class="all" width="100" height="2" />
    <rect width="${share}" height="2" />
  </svg>`;
}
