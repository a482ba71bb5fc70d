import { html } from "hono/html";
import type { Limits } from "../../core/policy/limits.ts";
import type { LimitUse, RepositoryFigures } from "../../ports/task-lists.ts";
import type { Html } from "./document.ts";

/** How much of a limit is used. */
interface Usage {
  readonly name: string;
  readonly used: number;
  /** Null where there's no limit. */
  readonly most: number | null;
  /** The setting that says so. */
  readonly setting: string;
}

/** The limits of a repository, and how much of each is used. @param limits null where the policy can't be read */
export function usageList(figures: RepositoryFigures, limits: Limits | null): Html {
  const rows = [
    {
      name: "Sessions at once",
      used: figures.running,
      most: limits?.atOnce ?? null,
      setting: "limits.at_once",
    },
    ...figures.limits.map((use) => usageOf(use, limits)),
  ];
  return html`<ul class="usage">
    ${rows.map(row)}
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
    most: limits?.[scope][per] ?? null,
    setting: `limits.${scope}.${per}`,
  };
}

function row({ name, used, most, setting }: Usage): Html {
  const isFull = most !== null && used >= most;
  return html`<li>
    <p class="usage-name">${name} <code>${setting}</code></p>
    <p class="usage-value">
      <strong>${used}</strong> ${most === null ? "(no limit)" : `of ${most}`}
      ${isFull ? html`<span class="full">Limit reached</span>` : ""}
    </p>
    ${most === null ? "" : bar(used, most, isFull)}
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
