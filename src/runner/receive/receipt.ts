import { nextStep } from "../../core/task/next-step.ts";
import { purposeOf } from "../../core/task/purpose.ts";
import type { Task } from "../../core/task/task.ts";
import { acknowledged } from "../../core/task/transitions/deciding.ts";
import type { Controls } from "./controls.ts";
import type { Next } from "../../ports/queue.ts";
import type { Outcomes } from "../report/outcomes.ts";
import type { Flood } from "./flood.ts";
import type { Gate } from "./gate.ts";
import type { Handover } from "./handover.ts";
import type { Ports } from "../../ports/ports.ts";
import type { Reactions } from "./reactions.ts";
import { record } from "../lease/record.ts";
import type { RemoteControl } from "../session/remote-control.ts";

/** The quick look at a task that has just come in. */
export interface Receipt {
  receive(task: Task): Promise<Next>;
}

interface Parts {
  readonly ports: Ports;
  readonly gate: Gate;
  readonly handover: Handover;
  readonly controls: Controls;
  readonly remote: RemoteControl;
  readonly reactions: Reactions;
  readonly flood: Flood;
  readonly outcomes: Outcomes;
}

const STRANGER = { reason: "no_permission", least: "write" } as const;

/** Decides about the requester, answers what can be answered at once, and shows that it was seen. */
export function createReceipt(parts: Parts): Receipt {
  const { ports, gate, handover, controls, remote, reactions, flood, outcomes } = parts;
  return {
    async receive(task) {
      if (nextStep(task) !== "receive") return "start";
      const purpose = purposeOf(task);
      // Asking GitHub about them once more would only use up what the others may ask.
      if (flood.isFrom(task)) {
        return purpose.type === "explanation"
          ? outcomes.canceled(task, "command_misplaced")
          : outcomes.denied(task, STRANGER, false);
      }
      if (purpose.type === "control") return controls.answer(task, purpose.command);
      const isCommand = purpose.type === "session_command";
      const taken = isCommand ? await remote.take(task, purpose.command) : null;
      if (taken?.type === "halted") return taken.next;
      const { task: asked, looked } = taken ?? { task };
      const admission = await gate.admit(asked, looked);
      if (admission.type === "halted") return admission.next;
      // GitHub's pace of one write a second must not hold the task up.
      reactions.show(task, "eyes");
      const { task: admitted } = admission.admitted;
      const at = ports.now().toISOString();
      await record(ports.tasks, admitted, acknowledged(admitted, at));
      handover.give(admission.admitted);
      return "start";
    },
  };
}
