import { isHopeless } from "../../core/task/hopeless.ts";
import { nextStep } from "../../core/task/next-step.ts";
import type { Lane, Task } from "../../core/task/task.ts";
import { isWaitingForConnection } from "../../core/task/waiting.ts";
import type { Background } from "./background.ts";
import type { Next } from "../../ports/queue.ts";
import type { Outcomes } from "../report/outcomes.ts";
import type { Ports } from "../../ports/ports.ts";
import type { Timeouts } from "../../ports/timeouts.ts";
import { LostClaim, releaseClaim } from "./record.ts";
import type { Reporter } from "../report/reporter.ts";

/** Moves a task under a claim, which is renewed until the move has ended: nobody else moves it meanwhile. */
export type WithLease = (
  id: string,
  lane: Lane,
  move: (task: Task) => Promise<Next>,
) => Promise<Next>;

interface Parts {
  readonly ports: Ports;
  readonly outcomes: Outcomes;
  readonly reporter: Reporter;
  readonly background: Background;
  readonly timeouts: Timeouts;
}

/** Claims over their parts. */
export function createWithLease({
  ports,
  outcomes,
  reporter,
  background,
  timeouts,
}: Parts): WithLease {
  const { tasks, log } = ports;

  /** A claim that could not be renewed ends by itself; then others may move the task. */
  async function renew(task: Task): Promise<void> {
    await tasks.renew(task).catch((err: unknown) => {
      log.warn({ taskId: task.id, err }, "claim could not be renewed");
    });
  }

  /** A stop may have come just before the task was put to rest until its requester connects. */
  async function isStopped(task: Task): Promise<boolean> {
    if (!isWaitingForConnection(task)) return false;
    return (await ports.sessionCommands.stopOf(task.id)) !== null;
  }

  async function giveUp(task: Task): Promise<Next> {
    const message = `given up after ${task.attempt} attempts`;
    if (nextStep(task) === "report") return reporter.report(task);
    const nothingCreated = task.session.intentAt === null;
    return outcomes.failed(task, { code: "unknown", message, nothingCreated });
  }

  return async (id, lane, move) => {
    const claim = await tasks.claim(id, lane);
    if (claim.type === "settled") return "done";
    if (claim.type === "busy") return { afterMs: timeouts.busyMs * (1 + ports.chance()), lane };
    const { task } = claim;
    const wait = Date.parse(task.schedule.notBefore ?? "") - ports.now().getTime();
    const keep = setInterval(() => void renew(task), timeouts.renewMs);
    try {
      if (wait > 0 && !(await isStopped(task))) return await outcomes.pause(task, wait);
      return isHopeless(task, timeouts.giveUpMs) ? await giveUp(task) : await move(task);
    } catch (error) {
      if (!(error instanceof LostClaim)) throw error;
      log.warn({ taskId: id }, "claim lost to another replica");
      return "done";
    } finally {
      clearInterval(keep);
      if (!background.holds(id)) await releaseClaim(ports, task);
    }
  };
}
