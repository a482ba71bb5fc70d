import { setTimeout as sleep } from "node:timers/promises";
import type { Failure } from "../core/failure.ts";
import type { Task } from "../core/task.ts";
import type { Background } from "./background.ts";
import type { Conversation } from "./conversation.ts";
import type { Ending, Next } from "./ending.ts";
import type { Opening, Patience, Ports, SessionRequest } from "./ports.ts";
import { record } from "./record.ts";
import type { Reporter } from "./reporter.ts";

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
  readonly ending: Ending;
  readonly reporter: Reporter;
  readonly conversation: Conversation;
  readonly background: Background;
  readonly patience: Patience;
}

/** Between two tries to reach a session whose agent has not started. */
const TRY_AGAIN_MS = 5_000;

/**
 * Says that the agent did not start in time, and goes on waiting behind it: a session that starts after
 * all gets its prompt, and the comment is corrected.
 */
export async function waitForLateStart(parts: Parts, task: Task, late: LateStart): Promise<Next> {
  const { ports, reporter, background, patience } = parts;
  const { code: failureCode, message: failureDetail } = late.failure;
  ports.log.warn({ taskId: task.id, code: failureCode }, "the agent is late");
  const watchUntil = new Date(ports.now().getTime() + patience.lateStartMs).toISOString();
  const watching = { state: "timed_out", failureCode, failureDetail, watchUntil } as const;
  const told = await reporter.tell(await record(ports.tasks, task, watching));
  background.goOn(told, () => adopt(parts, told, late));
  return "done";
}

async function adopt(parts: Parts, task: Task, late: LateStart): Promise<Next> {
  const { ports, ending, conversation } = parts;
  const opening = late.end === null ? null : await late.end;
  if (opening?.type === "started") {
    ports.log.info({ taskId: task.id }, "the agent started late: the session is adopted");
    return conversation.begin(task, opening.session, late.prompt);
  }
  if (opening?.type === "lost") {
    const { sessionId } = opening;
    await record(ports.tasks, task, { sessionId, failureCode: null, watchUntil: null });
    return { afterMs: 0 };
  }
  const failure = opening?.type === "failed" ? opening.failure : late.failure;
  const sessionId = failure.sessionId ?? task.sessionId;
  if (failure.code === "start_timed_out" && sessionId !== null) {
    return reach(parts, await record(ports.tasks, task, { sessionId }), late);
  }
  const over = await record(ports.tasks, task, { failureCode: null, watchUntil: null });
  return ending.failed(over, failure);
}

/** Only the id is known: the session is tried to be reached until the time is over. */
async function reach(parts: Parts, task: Task, { request, prompt }: LateStart): Promise<Next> {
  const { ports, ending, reporter, conversation } = parts;
  const sessionId = task.sessionId ?? "";
  const until = Date.parse(task.watchUntil ?? "");
  while (ports.now().getTime() < until && !ports.stopping.aborted) {
    const stop = await ports.orders.stopOf(task.id);
    if (stop !== null) return ending.stopped(task, stop);
    const session = await ports.copilot.attach(sessionId, request);
    if (session !== null) return conversation.begin(task, session, prompt);
    const options = { signal: ports.stopping, ref: false };
    await sleep(TRY_AGAIN_MS, undefined, options).catch(() => {});
  }
  // A bot that is being stopped leaves the rest to the next one.
  if (ports.stopping.aborted) return "done";
  return reporter.report(await record(ports.tasks, task, { watchUntil: null, subjectKey: null }));
}
