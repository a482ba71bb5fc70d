import { html } from "hono/html";
import type { Finding } from "../../core/doctor/finding.ts";
import type { GitHubHosts } from "../../core/github/hosts.ts";
import { icon } from "./icons.ts";
import type { Html } from "./document.ts";
import { ownLine } from "./markdown.ts";

const SIGNS = {
  failed: { icon: "failed", text: "Problem" },
  warning: { icon: "waiting", text: "Warning" },
  ok: { icon: "done", text: "Passed" },
} as const;

/** The doctor's lines: what needs attention, then what's well, folded. Null while they aren't known. */
export function findingList(findings: readonly Finding[] | null, hosts: GitHubHosts): Html {
  if (findings === null) {
    return html`<p class="muted">The bot couldn't check this now. Reload the page in a minute.</p>`;
  }
  const attention = (["failed", "warning"] as const).flatMap((level) =>
    findings.filter((finding) => finding.level === level),
  );
  const passed = findings.filter(({ level }) => level === "ok");
  return html`${
    attention.length === 0
      ? html`<p>No problems found.</p>`
      : html`<ul class="findings">
          ${attention.map((finding) => item(finding, hosts))}
        </ul>`
  }
  ${
    passed.length === 0
      ? ""
      : html`<details id="passed">
          <summary>${passed.length} ${passed.length === 1 ? "check" : "checks"} passed</summary>
          <ul class="findings">
            ${passed.map((finding) => item(finding, hosts))}
          </ul>
        </details>`
  }`;
}

function item({ level, what, found, cure }: Finding, hosts: GitHubHosts): Html {
  const sign = SIGNS[level];
  return html`<li class="${level}">
    ${icon(sign.icon)}
    <p>
      <span class="unseen">${sign.text}: </span><strong>${ownLine(what, hosts)}:</strong>
      ${ownLine(found, hosts)} ${cure === null ? "" : ownLine(cure, hosts)}
    </p>
  </li>`;
}
