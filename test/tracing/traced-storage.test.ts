import { expect, test } from "vitest";
import { settled } from "../../src/core/task/transitions/ending.ts";
import type { Task } from "../../src/core/task/task.ts";
import { createTaskTraces } from "../../src/tracing/open-telemetry.ts";
import { samplerOf } from "../../src/tracing/sampling.ts";
import { traceStores } from "../../src/tracing/traced-storage.ts";
import { LABEL_TRIGGER, taskWith } from "../core/task.ts";
import { openStore } from "../store/opened.ts";
import { KeepingExporter } from "./keeping-exporter.ts";

/** A traced store with a task, and what its traces have come to. */
async function tracedStore() {
  const exporter = new KeepingExporter();
  const traces = createTaskTraces(samplerOf({ sampler: "always_on", ratio: 1 }), exporter);
  const { tasks } = traceStores(await openStore(), traces, "sqlite");
  const inserted = await tasks.insert(LABEL_TRIGGER);
  if (inserted === null) throw new TypeError("it was there already");
  const sent = async () => {
    await traces.close();
    return exporter.kept.map((span) => ({
      name: span.name,
      attributes: span.attributes,
      ids: span.spanContext(),
      parentId: span.parentSpanContext?.spanId,
    }));
  };
  return { tasks, traces, id: inserted.id, sent };
}

type Traced = Awaited<ReturnType<typeof tracedStore>>;

async function claimed({ tasks }: Pick<Traced, "tasks">, id: string): Promise<Task> {
  const claim = await tasks.claim(id, "start");
  if (claim.type !== "claimed") throw new TypeError(claim.type);
  return claim.task;
}

test("what is called for a task has a span, but not the renewals of its claim", async () => {
  const { tasks, traces, id, sent } = await tracedStore();
  await traces.spanOf(id, "start task", async () => {
    const task = await claimed({ tasks }, id);
    await tasks.renew(task);
    await tasks.release(task);
  });
  // This one is for no task.
  await tasks.waiting();
  const spans = await sent();
  expect(spans.map(({ name }) => name)).toEqual([
    "task queued",
    "store claim",
    "store release",
    "start task",
  ]);
  expect(spans[1]?.attributes).toEqual({ "db.system.name": "sqlite" });
});

test("whoever settles a task sends its whole time, each time that it's settled", async () => {
  const { tasks, id, sent } = await tracedStore();
  const first = await claimed({ tasks }, id);
  const { session } = taskWith({
    session: { prompt: { deliveredAt: "2026-11-21T12:01:00.000Z" } },
  });
  const prompted = await tasks.record(first, { ...first, session });
  if (prompted === null) throw new TypeError("the claim is lost");
  await tasks.record(prompted, settled(prompted, "2026-11-21T12:02:00.000Z"));
  const followUntil = "2026-11-21T13:00:00.000Z";
  const opened = await tasks.reopen(id, { followUntil });
  if (opened === null) throw new TypeError("it wasn't settled");
  await tasks.record(opened, settled(opened, "2026-11-21T12:30:00.000Z"));

  const [queued, ...times] = await sent();
  expect(times.map(({ name }) => name)).toEqual(["task", "task"]);
  expect(new Set(times.map(({ ids }) => ids.spanId)).size).toBe(2);
  for (const { ids, parentId } of times) {
    expect(ids.traceId).toBe(queued?.ids.traceId);
    expect(parentId).toBe(queued?.ids.spanId);
  }
});

test("an event that comes twice begins one trace", async () => {
  const { tasks, sent } = await tracedStore();
  expect(await tasks.insert(LABEL_TRIGGER)).toBeNull();
  expect(await sent()).toHaveLength(1);
});

test("a receiver that takes forever doesn't keep traces from being closed", async () => {
  const exporter = new KeepingExporter();
  exporter.shutdown = () => new Promise(() => {});
  const traces = createTaskTraces(samplerOf({ sampler: "always_on", ratio: 1 }), exporter);
  await expect(traces.close()).resolves.toBeUndefined();
});
