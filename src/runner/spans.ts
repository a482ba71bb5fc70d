import type { Lane, Task } from "../core/task/task.ts";
import type { Next } from "../ports/queue.ts";
import type { Tracing } from "../ports/tracing.ts";
import type { Gate } from "./receive/gate.ts";
import type { Reporter } from "./report/reporter.ts";

/** A step of a task, under its claim, as a span of the task's trace. */
export function traceStep(
  tracing: Pick<Tracing, "spanOf">,
  lane: Lane,
  move: (task: Task) => Promise<Next>,
): (task: Task) => Promise<Next> {
  return (task) => {
    const attributes = { "copilot_task.id": task.id, "copilot_task.attempt": task.attempt };
    return tracing.spanOf(task.id, `${lane} task`, () => move(task), {
      kind: "consumer",
      attributes,
    });
  };
}

/** The gate, with a span for each decision. */
export function traceGate(gate: Gate, tracing: Pick<Tracing, "span">): Gate {
  return {
    ...gate,
    admit: (task, looked) =>
      tracing.span("gate", async (open) => {
        const admission = await gate.admit(task, looked);
        open.set({ "copilot_task.admitted": admission.type === "admitted" });
        return admission;
      }),
  };
}

/** The reporter, with a span for whatever brings the comment, labels, and notices up to date. */
export function traceReporter(reporter: Reporter, tracing: Pick<Tracing, "span">): Reporter {
  return {
    ...reporter,
    report: (task) => tracing.span("comment", () => reporter.report(task)),
    update: (task, latest) => tracing.span("comment", () => reporter.update(task, latest)),
  };
}
