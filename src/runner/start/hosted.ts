import { setTimeout as sleep } from "node:timers/promises";
import { permissionCause } from "../../core/github/ungranted-permission.ts";
import type { Policy } from "../../core/policy/policy.ts";
import type { Failure } from "../../core/task/failure.ts";
import { attemptDueAt } from "../../core/task/starting-notice.ts";
import type { Task } from "../../core/task/task.ts";
import { hostingChanged } from "../../core/task/transitions/hosting.ts";
import { notRequested } from "../../core/task/transitions/starting.ts";
import type { Identity } from "../../ports/identities.ts";
import type { Next } from "../../ports/queue.ts";
import type { HostedOpening, SessionHost } from "../../ports/session-host.ts";
import { LostClaim, lostClaimOf, record } from "../lease/record.ts";
import { hostedRequestOf, hostedTokensOf, NotPermittedError } from "./hosted-request.ts";
import type { StarterParts } from "./starter-parts.ts";

/** What a session on an own machine is opened with. */
export interface StartOnMachine {
  readonly host: SessionHost;
  readonly policy: Policy;
  readonly identity: Extract<Identity, { readonly type: "identity" }>;
  readonly prompt: string;
}

/** Between two looks whether somebody has stopped a task that waits for a machine, in milliseconds. */
const LOOK_MS = 1_000;

/** Has a machine open a task's session. It may wait long for one that has room, so others can start meanwhile. */
export function openHosted(parts: StarterParts, task: Task, start: StartOnMachine): Next {
  parts.background.runInBackground(task, (lost) => untilOpened(parts, task, start, lost));
  return "done";
}

async function untilOpened(
  parts: StarterParts,
  task: Task,
  start: StartOnMachine,
  lost: AbortSignal,
): Promise<Next> {
  const { ports, outcomes, sessions } = parts;
  const waiting = watchWaiting(parts, task, lost);
  try {
    const opening = await open(parts, task, start, waiting);
    const current = await waiting.end();
    switch (opening.type) {
      case "started":
        return await sessions.begin(current, opening.session, start.prompt);
      case "failed":
        return await failed(parts, await waiting.noted(), opening);
      case "withdrawn":
        return await withdrawn(parts, current, lost);
      default:
        return opening satisfies never;
    }
  } catch (error) {
    const current = await waiting.end();
    if (error instanceof NotPermittedError) {
      return outcomes.failed(current, failureOfPermission(error));
    }
    const trouble = ports.github.troubleOf(error);
    if (trouble === null) throw error;
    return outcomes.refused(current, trouble);
  }
}

/** Where its machine is gone, another one is waited for: people see that before it's tried again. */
async function failed(
  parts: StarterParts,
  task: Task,
  { failure, isMachineGone }: Extract<HostedOpening, { type: "failed" }>,
): Promise<Next> {
  const { ports, outcomes, reporter } = parts;
  const waiting = isMachineGone === true ? hostingChanged(task, { machine: null }) : task;
  if (waiting === task) return outcomes.failed(task, failure);
  const seen = await record(ports.tasks, task, waiting);
  return outcomes.failed(reporter.isDue(seen) ? await reporter.update(seen) : seen, failure);
}

function failureOfPermission({ message, refusal }: NotPermittedError): Failure {
  const cause = permissionCause(refusal.missing);
  const failure = { code: "app_not_permitted", message, nothingCreated: true } as const;
  return cause === null ? failure : { ...failure, cause };
}

function open(
  parts: StarterParts,
  task: Task,
  { host, policy, identity }: StartOnMachine,
  waiting: Waiting,
): Promise<HostedOpening> {
  const request = hostedRequestOf(task, policy);
  const tokens = () => hostedTokensOf(parts, task, identity);
  return host.open(request, tokens, waiting);
}

/** Nobody wants it anymore here: somebody has stopped it, the bot is being stopped, or another replica has the task. */
async function withdrawn(parts: StarterParts, task: Task, lost: AbortSignal): Promise<Next> {
  const { ports, outcomes } = parts;
  if (lost.aborted) throw lostClaimOf(task);
  const stop = await ports.sessionCommands.stopOf(task.id);
  if (stop !== null) return outcomes.stopped(task, stop);
  // The next process begins anew.
  await record(ports.tasks, task, notRequested(task));
  return "done";
}

interface Waiting {
  readonly withdrawn: AbortSignal;
  readonly onTaken: (machine: string) => void;
  readonly onWaiting: (isServed: boolean) => void;
  /** The task, as it was last written. */
  end(): Promise<Task>;
  /** The same, with the machine that has taken it just before. */
  noted(): Promise<Task>;
}

/** Looks for what ends the waiting, and lets people know of it where it takes long. */
function watchWaiting(
  { ports, reporter, timeouts }: StarterParts,
  task: Task,
  lost: AbortSignal,
): Waiting {
  const withdrawal = new AbortController();
  const over = new AbortController();
  const noticeAt = attemptDueAt(task, ports.now().getTime(), timeouts.startingNoticeMs);
  let current = task;
  let machine: string | null = null;
  let isUnserved = false;

  function isNoticeDue(waiting: Task): boolean {
    return ports.now().getTime() >= noticeAt && reporter.isDue(waiting);
  }

  async function note(): Promise<void> {
    const changed = hostingChanged(current, { machine, isUnserved });
    if (changed !== current) current = await record(ports.tasks, current, changed);
  }

  /** Whether nobody wants it anymore. */
  async function look(): Promise<boolean> {
    const isOver = ports.stopping.aborted || lost.aborted;
    if (isOver || (await ports.sessionCommands.stopOf(task.id)) !== null) return true;
    await note();
    if (isNoticeDue(current)) current = await reporter.update(current);
    return false;
  }

  /** Never rejects: a database that's away for a while ends no waiting, and a lost claim does. */
  async function keepLooking(): Promise<void> {
    while (!over.signal.aborted) {
      try {
        if (await look()) return withdrawal.abort();
      } catch (err) {
        if (err instanceof LostClaim) return withdrawal.abort();
        ports.log.warn({ taskId: task.id, err }, "waiting task couldn't be looked after");
      }
      const options = { signal: AbortSignal.any([ports.stopping, lost, over.signal]), ref: false };
      await sleep(LOOK_MS, undefined, options).catch(() => {});
    }
  }

  const looking = keepLooking();
  return {
    withdrawn: withdrawal.signal,
    onTaken: (name) => {
      machine = name;
      isUnserved = false;
    },
    onWaiting: (isServed) => {
      isUnserved = !isServed;
    },
    async end() {
      over.abort();
      await looking;
      return current;
    },
    async noted() {
      await note();
      return current;
    },
  };
}
