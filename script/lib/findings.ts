import type { Finding } from "../../src/core/doctor/finding.ts";

/** A setting is wrong; as in sysexits.h. */
export const EX_CONFIG = 78;

/** That nothing is. */
export const VALID_SETTINGS: Finding = {
  level: "ok",
  what: "environment",
  found: "All settings are valid.",
  cure: null,
};

/** What is wrong with the settings: each sentence says how to fix it. */
export function findingsOf({ message }: Error): Finding[] {
  const problems = message.split("\n").filter((line) => line.startsWith("  "));
  const cure = "Set it in `.env`; see `.env.example`.";
  return problems.map((problem) => {
    return { level: "failed", what: "environment", found: problem.trim(), cure };
  });
}

/** What a doctor's program prints. */
export function printed(findings: readonly Finding[], asJson: boolean): string {
  if (asJson) return JSON.stringify({ findings }, null, 2);
  const lines = findings.flatMap(({ level, what, found, cure }) => {
    const line = `${level.padEnd(8)} ${what}: ${found}`;
    return cure === null ? [line] : [line, `${" ".repeat(9)}${cure}`];
  });
  return lines.join("\n");
}

/** What it ends with: 1 when something failed. */
export function exitCodeOf(findings: readonly Finding[]): number {
  return findings.some(({ level }) => level === "failed") ? 1 : 0;
}

/** Prints, and ends: requests that nobody waits for anymore must not keep the process alive. */
export function leave(code: number, output: string): void {
  process.stdout.write(`${output}\n`, () => process.exit(code));
}
