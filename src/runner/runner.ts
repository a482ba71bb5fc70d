import { nextStep } from "../core/next-step.ts";
import type { Lane, Task } from "../core/task.ts";
import { createBackground } from "./background.ts";
import { createConversation } from "./conversation.ts";
import type { Next } from "./ending.ts";
import { createEnding } from "./ending.ts";
import { createGate } from "./gate.ts";
import type { Patience, Ports } from "./ports.ts";
import { LostClaim, record } from "./record.ts";
import { createReporter } from "./reporter.ts";
import { createStarter } from "./starter.ts";

/** The one place that moves tasks. Level-triggered: looking twice is harmless. */
export interface Runner {
  /** Decides about the requester and shows that the trigger was seen. Quick: creates no session. */
  receive(taskId: string): Promise<Next>;
  /** Everything else, up to the comment. May take minutes. */
  start(taskId: string): Promise<Next>;
  /** Stops watching sessions; they go on. */
  stop(): Promise<void>;
}

/** A task that breaks off this often has met a defect: its requester is told instead of waiting. */
const MOST_ATTEMPTS = 100;

/**
 * A runner over its ports.
 *
 * @param origin of the GitHub that tasks are on, e.g. `https://github.com`
 */
export function createRunner(ports: Ports, origin: string, patience: Patience): Runner {
  const { tasks, github, log } = ports;
  const reporter = createReporter(ports, origin, patience);
  const ending = createEnding(ports, reporter, patience);
  const gate = createGate(ports, ending);
  const background = createBackground(ports, patience.renewMs);
  const conversation = createConversation(ports, reporter, background, patience);
  const parts = { ports, gate, ending, reporter, conversation, background, patience, origin };
  const starter = createStarter(parts);

  async function receive(task: Task): Promise<Next> {
    if (nextStep(task) !== "receive") return "start";
    const admission = await gate.admit(task);
    if ("next" in admission) return admission.next;
    // GitHub's pace of one write a second must not hold the task up.
    void acknowledge(task);
    await record(tasks, admission.admitted, { acknowledgedAt: ports.now().toISOString() });
    return "start";
  }

  /** A reaction is a courtesy: without it the task goes on. */
  async function acknowledge(task: Task): Promise<void> {
    try {
      await github.react(task, "eyes");
    } catch (error) {
      log.warn({ taskId: task.id, err: error }, "no reaction");
    }
  }

  async function moved(id: string, lane: Lane, move: (task: Task) => Promise<Next>): Promise<Next> {
    const claim = await tasks.claim(id, lane);
    if (claim.type === "settled") return "done";
    if (claim.type === "busy") return { afterMs: patience.busyMs * (1 + ports.chance()), lane };
    const { task } = claim;
    const wait = Date.parse(task.notBefore ?? "") - ports.now().getTime();
    const keep = setInterval(() => void renew(task), patience.renewMs);
    try {
      if (wait > 0) return { afterMs: wait };
      return task.attempt > MOST_ATTEMPTS ? await giveUp(task) : await move(task);
    } catch (error) {
      if (!(error instanceof LostClaim)) throw error;
      log.warn({ taskId: id }, "claim lost to another replica");
      return "done";
    } finally {
      clearInterval(keep);
      if (!background.holds(id)) await tasks.release(task);
    }
  }

  /** A claim that could not be renewed ends by itself; then others may move the task. */
  async function renew(task: Task): Promise<void> {
    await tasks.renew(task).catch((err: unknown) => {
      log.warn({ taskId: task.id, err }, "the claim could not be renewed");
    });
  }

  async function giveUp(task: Task): Promise<Next> {
    const message = `given up after ${task.attempt} attempts`;
    if (nextStep(task) === "report") return reporter.report(task);
    const nothingCreated = task.sessionIntentAt === null;
    return ending.failed(task, { code: "unknown", message, nothingCreated });
  }

  return {
    receive: (taskId) => moved(taskId, "receive", receive),
    start: (taskId) => moved(taskId, "start", (task) => starter.advance(task)),
    stop: () => conversation.stop(),
  };
}
