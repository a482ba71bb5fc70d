/** What one check of the doctor's found. */
export interface Finding {
  readonly level: "ok" | "warning" | "failed";
  /** What was looked at, e.g. `permissions of the App`. */
  readonly what: string;
  /** What was found. One line of our own words; what others said in it is in inline code. */
  readonly found: string;
  /** What mends it; null when nothing is wrong. */
  readonly cure: string | null;
}

const SIGN = { ok: "✅", warning: "⚠️", failed: "❌" } as const;

/** Findings as the answer to `/copilot doctor`. Markdown. */
export function renderFindings(findings: readonly Finding[]): string {
  const rows = findings.map(({ level, what, found, cure }) => {
    const cells = [`${SIGN[level]} ${level}`, what, cure === null ? found : `${found} ${cure}`];
    return `| ${cells.map((cell) => cell.replaceAll("|", String.raw`\|`)).join(" | ")} |`;
  });
  return ["| | what | what was found |", "| --- | --- | --- |", ...rows].join("\n");
}
