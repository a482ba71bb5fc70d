import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { parse, stringify } from "yaml";
import { z } from "zod";

export const RULES = "deploy/monitoring/alerts.yaml";

const text = z.record(z.string(), z.string());

const rulesFile = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      rules: z.array(
        z.strictObject({
          alert: z.string(),
          expr: z.string(),
          for: z.string().optional(),
          labels: text,
          annotations: z.strictObject({ summary: z.string(), description: z.string() }),
        }),
      ),
    }),
  ),
});

export type AlertRule = z.output<typeof rulesFile>["groups"][number]["rules"][number];

/** The alerts that administrators add to their Prometheus. */
export function alertRules(): readonly AlertRule[] {
  return rulesFile.parse(parse(readFileSync(RULES, "utf8"))).groups.flatMap(({ rules }) => rules);
}

/** The names of the metrics in an expression of PromQL. */
export function metricsOf(expression: string): readonly string[] {
  const withoutTexts = expression.replaceAll(/"[^"]*"/gu, '""');
  const names = withoutTexts.match(/\b(?:copilot_task_bot|nodejs|process)_\w+/gu) ?? [];
  return [...new Set(names)];
}

/** The path of a file with this content, as YAML, that is gone after the test. */
export function yamlFile(content: object): string {
  const directory = mkdtempSync(join(tmpdir(), "copilot-task-bot-promtool-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, "content.yaml");
  writeFileSync(file, stringify(content));
  return file;
}
