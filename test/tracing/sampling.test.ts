import { expect, test } from "vitest";
import { createTaskTraces } from "../../src/tracing/open-telemetry.ts";
import { samplerOf } from "../../src/tracing/sampling.ts";
import { KeepingExporter } from "./keeping-exporter.ts";

/** Ids as GitHub's deliveries have them: they count the time, and end alike. */
const TASKS = Array.from({ length: 400 }, (_, index) => {
  const time = (0xa0000000 + index * 7919).toString(16);
  return `${time}-ce5b-11f0-8000-4b2f7c1d9e35`;
});

/** The traces that a process records, which does something for each task. */
async function recorded(sampler: string, ratio: number): Promise<string[]> {
  const exporter = new KeepingExporter();
  const traces = createTaskTraces(samplerOf({ sampler, ratio }), exporter);
  for (const id of TASKS) {
    await traces.spanOf(id, "start task", () => traces.span("gate", () => Promise.resolve()));
  }
  await traces.close();
  return exporter.kept.map((span) => span.spanContext().traceId);
}

test.each([
  ["always_on", 0, 400],
  ["parentbased_always_on", 0, 400],
  ["always_off", 1, 0],
  ["parentbased_always_off", 1, 0],
  ["traceidratio", 0, 0],
  ["parentbased_traceidratio", 1, 400],
])("%s with %d records %d of 400 tasks, whole", async (sampler, ratio, count) => {
  const traceIds = await recorded(sampler, ratio);
  expect(traceIds).toHaveLength(count * 2);
  expect(new Set(traceIds).size).toBe(count);
});

test("a ratio records the same tasks in every process, about as many as it says", async () => {
  const traceIds = await recorded("traceidratio", 0.25);
  expect(await recorded("parentbased_traceidratio", 0.25)).toEqual(traceIds);
  const count = new Set(traceIds).size;
  expect(traceIds).toHaveLength(count * 2);
  expect(count).toBeGreaterThan(60);
  expect(count).toBeLessThan(140);
});
