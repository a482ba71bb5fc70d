import { nextStep } from "../core/next-step.ts";
import type { Lane, Task } from "../core/task.ts";
import type { Background } from "./background.ts";
import type { Ending, Next } from "./ending.ts";
import type { Patience, Ports } from "./ports.ts";
import { LostClaim } from "./record.ts";
import type { Reporter } from "./reporter.ts";

/** Moves tasks, one at a time each: under a claim. */
export interface Turns {
  take(id: string, lane: Lane, move: (task: Task) => Promise<Next>): Promise<Next>;
}

interface Parts {
  readonly ports: Ports;
  readonly ending: Ending;
  readonly reporter: Reporter;
  readonly background: Background;
  readonly patience: Patience;
}

/** A task that breaks off this often has met a defect: its requester is told instead of waiting. */
const MOST_ATTEMPTS = 100;

/** A session that has its prompt may be reached again as often as need be. */
function isHopeless({ attempt, promptDeliveredAt }: Task): boolean {
  return attempt > MOST_ATTEMPTS && promptDeliveredAt === null;
}

/** Turns over their parts. */
export function createTurns({ ports, ending, reporter, background, patience }: Parts): Turns {
  const { tasks, log } = ports;

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
    async take(id, lane, move) {
      const claim = await tasks.claim(id, lane);
      if (claim.type === "settled") return "done";
      if (claim.type === "busy") return { afterMs: patience.busyMs * (1 + ports.chance()), lane };
      const { task } = claim;
      const wait = Date.parse(task.notBefore ?? "") - ports.now().getTime();
      const keep = setInterval(() => void renew(task), patience.renewMs);
      try {
        if (wait > 0) return { afterMs: wait };
        return isHopeless(task) ? await giveUp(task) : await move(task);
      } catch (error) {
        if (!(error instanceof LostClaim)) throw error;
        log.warn({ taskId: id }, "claim lost to another replica");
        return "done";
      } finally {
        clearInterval(keep);
        if (!background.holds(id)) await tasks.release(task);
      }
    },
  };
}
