import { isControl, isOrder } from "../core/command.ts";
import { nextStep } from "../core/next-step.ts";
import type { Task } from "../core/task.ts";
import type { Controls } from "./controls.ts";
import type { Next } from "./ending.ts";
import type { Gate } from "./gate.ts";
import type { Ports } from "./ports.ts";
import { record } from "./record.ts";
import type { RemoteControl } from "./remote-control.ts";

/** The quick look at a task that has just come in. */
export interface Receipt {
  receive(task: Task): Promise<Next>;
}

interface Parts {
  readonly ports: Ports;
  readonly gate: Gate;
  readonly controls: Controls;
  readonly remote: RemoteControl;
}

/** Decides about the requester, answers what can be answered at once, and shows that it was seen. */
export function createReceipt({ ports, gate, controls, remote }: Parts): Receipt {
  /** A reaction is a courtesy: without it the task goes on. */
  async function acknowledge(task: Task): Promise<void> {
    try {
      await ports.github.react(task, "eyes");
    } catch (error) {
      ports.log.warn({ taskId: task.id, err: error }, "no reaction");
    }
  }

  return {
    async receive(task) {
      if (nextStep(task) !== "receive") return "start";
      if (isControl(task.command)) return controls.answer(task);
      let asked = task;
      if (isOrder(task.command) && task.retryOf === null) {
        const taken = await remote.take(task);
        if ("next" in taken) return taken.next;
        asked = taken.retry;
      }
      const admission = await gate.admit(asked);
      if ("next" in admission) return admission.next;
      // GitHub's pace of one write a second must not hold the task up.
      void acknowledge(task);
      const acknowledgedAt = ports.now().toISOString();
      await record(ports.tasks, admission.admitted.task, { acknowledgedAt });
      return "start";
    },
  };
}
