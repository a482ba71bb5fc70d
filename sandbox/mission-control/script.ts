import type { Script } from "./behavior.ts";
import { waitingRequests } from "./requests.ts";
import { emit, later, type Task } from "./task.ts";

/** Begins what the behavior of the task wants done after its first prompt. */
export function beginScript(task: Task): void {
  advance(task, task.record.behavior.script ?? []);
}

/** Something happened that the script may wait for. */
export function resumeScript(task: Task): void {
  const [step, ...rest] = task.waiting;
  if (task.isStepDue || step === undefined || !("until" in step) || !hasHappened(task, step.until))
    return;
  if (step.until === "message") task.unreadMessages -= 1;
  task.waiting = [];
  advance(task, rest);
}

/** The agent was stopped: what it was about to do is not done, up to the next follow-up. */
export function breakOffScript(task: Task): void {
  const left = task.waiting;
  task.scriptRun += 1;
  task.isStepDue = false;
  const next = left.findIndex((step) => "until" in step && step.until === "message");
  task.waiting = next === -1 ? [] : left.slice(next);
}

function hasHappened(task: Task, event: "answered" | "message"): boolean {
  return event === "message" ? task.unreadMessages > 0 : waitingRequests(task).length === 0;
}

function advance(task: Task, [step, ...rest]: Script): void {
  // While a step is due, the ones behind it wait: an abort finds them there.
  task.waiting = rest;
  if (step === undefined) return;
  if ("until" in step) {
    task.waiting = [step, ...rest];
    resumeScript(task);
    return;
  }
  const run = task.scriptRun;
  task.isStepDue = true;
  later(task, step.afterMs, () => {
    if (task.scriptRun !== run) return;
    task.isStepDue = false;
    if ("worker" in step) {
      task.worker = "absent";
      return;
    }
    emit(task, step.type, step.data, step);
    advance(task, rest);
  });
}
