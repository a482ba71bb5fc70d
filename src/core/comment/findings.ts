import type { Finding } from "../doctor/finding.ts";

const SIGN = { ok: "✅", warning: "⚠️", failed: "❌" } as const;

/** Findings as the answer to `/copilot doctor`: what needs attention, then what is well, folded. Markdown. */
export function renderFindings(findings: readonly Finding[]): string {
  const failed = findings.filter(({ level }) => level === "failed");
  const warnings = findings.filter(({ level }) => level === "warning");
  const passed = findings.filter(({ level }) => level === "ok");
  return [
    summaryOf(failed.length, warnings.length),
    ...[...failed, ...warnings].flatMap((finding) => ["", itemOf(finding)]),
    ...(passed.length === 0
      ? []
      : [
          "",
          `<details><summary>${SIGN.ok} ${passed.length} ${passed.length === 1 ? "check" : "checks"} passed</summary>`,
          "",
          ...passed.map(({ what, found }) => `- **${what}:** ${found}`),
          "",
          "</details>",
        ]),
  ].join("\n");
}

function summaryOf(failed: number, warnings: number): string {
  if (failed > 0) return `**${count(failed, "problem")}** to fix:`;
  return warnings > 0 ? `No problems, but ${count(warnings, "warning")}:` : "No problems found.";
}

function itemOf({ level, what, found, cure }: Finding): string {
  return `${SIGN[level]} **${what}:** ${found}${cure === null ? "" : ` ${cure}`}`;
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}
