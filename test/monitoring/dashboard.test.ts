import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { idleMetrics, metricsIn } from "../metrics/samples.ts";
import { hasPromtool, promtool } from "../promtool.ts";
import { alertRules, metricsOf, yamlFile } from "./rules.ts";

const position = z.object({ x: z.int(), y: z.int(), w: z.int(), h: z.int() });

const panel = z.object({
  id: z.int(),
  type: z.enum(["row", "stat", "timeseries"]),
  title: z.string().min(1),
  gridPos: position,
  targets: z
    .array(z.object({ refId: z.string(), expr: z.string(), legendFormat: z.string() }))
    .default([]),
});

const dashboard = z.object({
  uid: z.string(),
  templating: z.object({ list: z.array(z.object({ name: z.string() })) }),
  panels: z.array(panel),
});

const { panels, templating } = dashboard.parse(
  JSON.parse(readFileSync("deploy/monitoring/dashboard.json", "utf8")),
);

const expressions = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));

/** The names of all series that the bot serves: of a histogram, there are three. */
async function served(): Promise<ReadonlySet<string>> {
  const text = await idleMetrics();
  const names = metricsIn(text);
  const isHistogram = (name: string) => text.includes(`\n# TYPE ${name} histogram\n`);
  return new Set(
    names.flatMap((name) =>
      isHistogram(name) ? ["bucket", "sum", "count"].map((part) => `${name}_${part}`) : [name],
    ),
  );
}

describe("the dashboard", () => {
  test.skipIf(!hasPromtool)("asks what Prometheus understands", () => {
    const rules = expressions.map((expr, index) => ({
      record: `dashboard:${index}`,
      // As Grafana fills them in.
      expr: expr.replaceAll("$__rate_interval", "5m").replaceAll(/\$(?:job|instance)/gu, ".*"),
    }));
    const file = yamlFile({ groups: [{ name: "dashboard", rules }] });
    const { code, says } = promtool(["check", "rules", file]);
    expect(says).toContain(`SUCCESS: ${expressions.length} rules found`);
    expect(code).toBe(0);
  });

  test("has no variables besides its own", () => {
    const known = new Set([...templating.list.map(({ name }) => name), "__rate_interval"]);
    const used = expressions.flatMap((expr) =>
      Array.from(expr.matchAll(/\$\{?(?<name>\w+)/gu), ({ groups }) => groups?.["name"] ?? ""),
    );
    expect(new Set(used.filter((name) => !known.has(name)))).toEqual(new Set());
    // Each is asked of the replicas that somebody has chosen.
    for (const expr of expressions) expect(expr).toContain('job=~"$job",instance=~"$instance"');
  });

  test("has panels that lie beside each other", () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const taken = new Map<string, string>();
    for (const { title, gridPos } of panels) {
      for (let column = gridPos.x; column < gridPos.x + gridPos.w; column += 1) {
        expect(column, title).toBeLessThan(24);
        for (let line = gridPos.y; line < gridPos.y + gridPos.h; line += 1) {
          expect(taken.get(`${column} ${line}`), title).toBeUndefined();
          taken.set(`${column} ${line}`, title);
        }
      }
    }
  });

  test("shows every metric of the bot's own", async () => {
    const shown = new Set(expressions.flatMap(metricsOf));
    const own = [...(await served())].filter((name) => name.startsWith("copilot_task_bot_"));
    // Of a histogram, the buckets say enough.
    const missing = own.filter((name) => !shown.has(name) && !/_(?:sum|count)$/u.test(name));
    expect(missing).toEqual([]);
  });
});

test("the dashboard and the alerts name only metrics that the bot serves", async () => {
  const known = await served();
  const named = [...expressions, ...alertRules().map(({ expr }) => expr)].flatMap(metricsOf);
  expect([...new Set(named)].filter((name) => !known.has(name))).toEqual([]);
});
