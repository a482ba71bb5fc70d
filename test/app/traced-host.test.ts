import { expect, test } from "vitest";
import { traceHost } from "../../src/app/traced-host.ts";
import type { HostedRequest, HostedSession } from "../../src/ports/session-host.ts";
import { samplerOf } from "../../src/tracing/sampling.ts";
import { createTaskTraces } from "../../src/tracing/open-telemetry.ts";
import { temporaryDirectory } from "../store/opened.ts";
import { KeepingExporter } from "../tracing/keeping-exporter.ts";
import { createPlayedHost } from "../worker/played-host.ts";
import { patient, requested, started, tokens } from "../worker/world.ts";

/** What's done with a traced machine for a task, as its spans: each below which one, and what came of it. */
async function spansOf(work: (host: ReturnType<typeof traceHost>) => Promise<unknown>) {
  const exporter = new KeepingExporter();
  const traces = createTaskTraces(samplerOf({ sampler: "always_on", ratio: 1 }), exporter);
  const played = createPlayedHost({
    directory: temporaryDirectory(),
    machine: "builder",
    note() {},
  });
  await traces.spanOf("a task", "start task", () => work(traceHost(played, traces)));
  await traces.close();
  const names = new Map(exporter.kept.map((span) => [span.spanContext().spanId, span.name]));
  return exporter.kept.map(({ name, attributes, parentSpanContext }) => {
    const parent = names.get(parentSpanContext?.spanId ?? "");
    const { "error.type": error, "copilot_task.result": result } = attributes;
    const came = [error, result].find((one) => typeof one === "string") ?? "-";
    return `${parent === undefined ? "" : `${parent} > `}${name}: ${came}`;
  });
}

function openOn(host: ReturnType<typeof traceHost>, changes: Partial<HostedRequest> = {}) {
  return host.open(requested(changes), tokens, patient());
}

async function push({ hosted }: HostedSession, token: string): Promise<unknown> {
  return hosted.push(token).catch(() => null);
}

test("what a machine is asked for has spans, with what came of it", async () => {
  const spans = await spansOf(async (host) => {
    const session = started(await openOn(host));
    await session.deliver("Fix the typo.");
    await push(session, "a token");
    await push(session, "refused");
    expect(session.hosted.shared).toEqual({ type: "shared", url: null });
    await session.hosted.share();
    await host.remove({ taskId: "", sessionId: session.id });
  });
  expect(spans).toEqual([
    "machine open > machine wait: -",
    "start task > machine open: started",
    "start task > copilot prompt: delivered",
    "start task > machine push: pushed",
    "start task > machine push: Error",
    "start task > machine share: -",
    "start task > machine remove: -",
    "start task: -",
  ]);
});

test("a session that a machine can't open has failed with its code, and one that's gone is gone", async () => {
  const spans = await spansOf(async (host) => {
    await openOn(host, { model: "none" });
    await host.attach(requested(), await tokens());
  });
  expect(spans).toEqual([
    "machine open > machine wait: -",
    "start task > machine open: model_not_available",
    "start task > machine attach: gone",
    "start task: -",
  ]);
});
