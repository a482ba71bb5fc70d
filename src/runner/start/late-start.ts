import { setTimeout as sleep } from "node:timers/promises";
import type { Failure } from "../../core/task/failure.ts";
import type { Task } from "../../core/task/task.ts";
import { failureIn } from "../../core/task/outcome.ts";
import {
  late as lateTask,
  notLate,
  sessionKnown,
  sessionLost,
  watchEnded,
} from "../../core/task/transitions/starting.ts";
import type { Background } from "../lease/background.ts";
import type { Next } from "../../ports/queue.ts";
import type { Outcomes } from "../report/outcomes.ts";
import { explained } from "../report/explanation.ts";
import type { Opening, SessionRequest } from "../../ports/copilot.ts";
import type { Ports } from "../../ports/ports.ts";
import type { Timeouts } from "../../ports/timeouts.ts";
import { attachAs } from "./session-request.ts";
import { record } from "../lease/record.ts";
import type { Reporter } from "../report/reporter.ts";
import { DISCONNECTED } from "../session/disconnected.ts";
import type { Sessions } from "../session/sessions.ts";

/** What a late session is waited for with. */
export interface LateStart {
  readonly failure: Failure;
  readonly request: SessionRequest;
  readonly prompt: string;
  /** What comes of the creation after all; null when it is over and only the session's id is left. */
  readonly end: Promise<Opening> | null;
}

interface Parts {
  readonly ports: Ports;
  readonly outcomes: Outcomes;
  readonly reporter: Reporter;
  readonly sessions: Pick<Sessions, "begin">;
  readonly background: Background;
  readonly timeouts: Timeouts;
}

/** Between two tries to reach a session whose agent has not started. */
const TRY_AGAIN_MS = 5_000;

/**
 * Says that the agent did not start in time, and keeps waiting in the background: a session that starts after
 * all gets its prompt, and the comment is corrected.
 */
export async function waitForLateStart(parts: Parts, task: Task, late: LateStart): Promise<Next> {
  const { ports, reporter, background, timeouts } = parts;
  ports.log.warn({ taskId: task.id, code: late.failure.code }, "agent is late");
  const watchUntil = new Date(ports.now().getTime() + timeouts.lateStartMs).toISOString();
  const watching = lateTask(task, late.failure, watchUntil);
  const updated = await reporter.update(await record(ports.tasks, task, watching));
  background.runInBackground(updated, () => adopt(parts, updated, late));
  return "done";
}

async function adopt(parts: Parts, task: Task, late: LateStart): Promise<Next> {
  const { ports, sessions } = parts;
  const opening = late.end === null ? null : await explained(ports, late.request, await late.end);
  if (opening?.type === "started") {
    ports.log.info({ taskId: task.id }, "agent started late: its session is used");
    return sessions.begin(task, opening.session, late.prompt);
  }
  if (opening?.type === "lost") {
    const { sessionId } = opening;
    await record(ports.tasks, task, sessionLost(task, sessionId));
    return { afterMs: 0 };
  }
  const failed = opening?.type === "failed" ? opening : null;
  const { failure } = failed ?? late;
  const sessionId = failure.sessionId ?? task.session.id;
  if (failure.code === "start_timed_out" && sessionId !== null && failed?.canAttach !== false) {
    return reach(parts, await record(ports.tasks, task, sessionKnown(task, sessionId)), late);
  }
  return ended(parts, task, failure);
}

/** It won't start. What was recorded of that stays, unless something else has come of the creation. */
async function ended(parts: Parts, task: Task, failure: Failure): Promise<Next> {
  const { ports, outcomes, reporter } = parts;
  const stop = await ports.sessionCommands.stopOf(task.id);
  if (stop !== null) return outcomes.stopped(task, stop);
  if (failureIn(task.outcome)?.code === failure.code) {
    return reporter.report(await record(ports.tasks, task, watchEnded(task)));
  }
  return outcomes.failed(await record(ports.tasks, task, notLate(task)), failure);
}

/** Only the id is known: the session is tried to be reached until the time is over. */
async function reach(parts: Parts, task: Task, { request, prompt }: LateStart): Promise<Next> {
  const { ports, outcomes, reporter, sessions } = parts;
  const until = Date.parse(failureIn(task.outcome)?.watchUntil ?? "");
  while (ports.now().getTime() < until && !ports.stopping.aborted) {
    const stop = await ports.sessionCommands.stopOf(task.id);
    if (stop !== null) return outcomes.stopped(task, stop);
    const identity = await ports.identities.identityFor(task);
    if (identity.type === "not_connected") return outcomes.failed(task, DISCONNECTED);
    const session = await attachAs(ports, task, identity, request);
    if (session !== null) return sessions.begin(task, session, prompt);
    const options = { signal: ports.stopping, ref: false };
    await sleep(TRY_AGAIN_MS, undefined, options).catch(() => {});
  }
  // A bot that is being stopped leaves the rest to the next one.
  if (ports.stopping.aborted) return "done";
  return reporter.report(await record(ports.tasks, task, watchEnded(task)));
}
