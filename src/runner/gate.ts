import { decide } from "../core/gate.ts";
import type { Task } from "../core/task.ts";
import type { Ending, Next } from "./ending.ts";
import type { Ports } from "./ports.ts";
import { record } from "./record.ts";

/** The task may go on, or this is all there is to do for it now. */
export type Admission = { readonly admitted: Task } | { readonly next: Next };

/** Lets a task pass, or ends it. */
export interface Gate {
  admit(task: Task): Promise<Admission>;
}

/** Facts this young are taken as they are, so that a task that did not wait asks GitHub only once. */
const FRESH_MS = 2_000;

/** The gate: it decides about the requester, on facts fetched now. */
export function createGate({ github, tasks, now }: Ports, ending: Ending): Gate {
  const admittedAt = new Map<string, number>();
  return {
    async admit(task) {
      const age = now().getTime() - (admittedAt.get(task.id) ?? 0);
      admittedAt.delete(task.id);
      if (age < FRESH_MS) return { admitted: task };
      const facts = await ending.guard(task, () => github.facts(task));
      if ("next" in facts) return facts;
      const decision = decide(facts.value);
      if (!decision.allowed) return { next: await ending.denied(task, decision.reason) };
      const { branch, commit } = decision.place;
      const admitted = await record(tasks, task, { branch, commit });
      // Only the look before the start is worth remembering.
      if (task.acknowledgedAt === null) admittedAt.set(task.id, now().getTime());
      return { admitted };
    },
  };
}
