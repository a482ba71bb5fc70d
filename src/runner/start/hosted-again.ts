import type { Failure } from "../../core/task/failure.ts";
import type { Hosting } from "../../core/task/hosting.ts";
import type { Task } from "../../core/task/task.ts";
import { hostedSeen, notRequested } from "../../core/task/transitions/starting.ts";
import { hostingChanged } from "../../core/task/transitions/hosting.ts";
import type { CloudSession } from "../../ports/copilot.ts";
import type { Identity } from "../../ports/identities.ts";
import type { Next } from "../../ports/queue.ts";
import type { HostedAttachment, SessionHost } from "../../ports/session-host.ts";
import { record } from "../lease/record.ts";
import { publish } from "../session/collect.ts";
import { hostedRequestOf } from "./hosted-request.ts";
import { userOf } from "./session-request.ts";
import type { StarterParts } from "./starter-parts.ts";

type Identified = Extract<Identity, { readonly type: "identity" }>;

/** A task whose session on an own machine was reached again, or what's next for it instead. */
export type HostedAgain =
  | { readonly type: "session"; readonly task: Task; readonly session: CloudSession }
  | { readonly type: "halted"; readonly next: Next }
  /** No machine has it. */
  | { readonly type: "gone" };

/** Between two looks for a machine that doesn't answer, in milliseconds: people see within 15 s that it's back. */
const AWAY_LOOK_MS = 5_000;

/** Reaches a task's session on an own machine again. Nothing is fetched for it. */
export async function reachHosted(
  parts: StarterParts,
  task: Task,
  identity: Identified,
): Promise<HostedAgain> {
  const { sessionHost } = parts.ports;
  // The administrator has turned it off since.
  if (sessionHost === null) return { type: "gone" };
  const came = await attach(sessionHost, task, identity);
  switch (came.type) {
    case "session":
      return {
        type: "session",
        task: await seenAgain(parts, task, came.session),
        session: came.session,
      };
    case "away":
      return waitForMachine(parts, task, came.machine);
    case "ended":
      return { type: "halted", next: await failed(parts, sessionHost, task, came.failure) };
    case "gone":
      return came;
    default:
      return came satisfies never;
  }
}

/**
 * Before commits of an ended session are pushed again that GitHub didn't take, and for how long that's tried; in
 * milliseconds. Meanwhile the comment can't say that the session has ended, and GitHub may refuse them for good.
 */
const [PUSH_AGAIN_MS, PUSH_FOR_MS] = [60_000, 15 * 60_000];

/** What its agent has committed isn't lost with it. */
async function failed(
  parts: StarterParts,
  host: SessionHost,
  task: Task,
  failure: Failure,
): Promise<Next> {
  const { ports, outcomes, reporter } = parts;
  const { hosting, prompt } = task.session;
  // Without a prompt, its agent has done nothing.
  if (hosting === null || hosting.push === "never" || prompt.intentAt === null)
    return outcomes.failed(task, failure);
  const push = (token: string) => host.push(hostedRequestOf(task), token);
  const { publication, mayPass } = await publish(parts, { push }, task, hosting);
  if (publication === null) return outcomes.failed(task, failure);
  const now = ports.now();
  const since = failedSince(hosting) ?? now.toISOString();
  const change = { publication: mayPass ? { ...publication, since } : publication };
  const published = await record(ports.tasks, task, hostingChanged(task, change));
  if (!mayPass || now.getTime() >= Date.parse(since) + PUSH_FOR_MS)
    return outcomes.failed(published, failure);
  if (reporter.isDue(published)) await reporter.update(published);
  return { afterMs: PUSH_AGAIN_MS };
}

/** When the commits of a session that has ended were first pushed without success; null if they weren't. */
function failedSince({ publication }: Hosting): string | null {
  return publication?.type === "failed" ? (publication.since ?? null) : null;
}

function attach(
  host: SessionHost,
  task: Task,
  { token, usableUntil }: Identified,
): Promise<HostedAttachment> {
  const copilot = { ...userOf(task, token), usableUntil };
  return host.attach(hostedRequestOf(task), { copilot, repository: null, submodules: [] });
}

async function seenAgain(
  { ports }: StarterParts,
  task: Task,
  { hosted }: CloudSession,
): Promise<Task> {
  const seen = hosted === null ? task : hostedSeen(task, hosted);
  return seen === task ? task : record(ports.tasks, task, seen);
}

/**
 * Its machine doesn't answer: people learn since when, and it's looked for again until the time is over. What people
 * command meanwhile reaches the session when its machine is back; a task without a prompt can be stopped.
 */
async function waitForMachine(
  parts: StarterParts,
  task: Task,
  machine: string,
): Promise<HostedAgain> {
  const { ports, outcomes, reporter } = parts;
  const stop = await ports.sessionCommands.stopOf(task.id);
  const isPrompted = task.session.prompt.deliveredAt !== null;
  if (stop !== null && !isPrompted)
    return { type: "halted", next: await outcomes.stopped(task, stop) };
  const followUntil = Date.parse(task.session.followUntil ?? "");
  if (followUntil <= ports.now().getTime()) return { type: "gone" };
  const awaySince = task.session.hosting?.awaySince ?? ports.now().toISOString();
  const away = hostingChanged(task, { awaySince, machine });
  const isNews = away !== task;
  if (isNews) ports.log.warn({ taskId: task.id, machine }, "machine of a session is away");
  const current = isNews ? await record(ports.tasks, task, away) : task;
  if (reporter.isDue(current)) await reporter.update(current);
  return { type: "halted", next: { afterMs: AWAY_LOOK_MS } };
}

/** No machine has begun with it, so nothing was done: the task begins anew. */
export async function beginAnew({ ports }: StarterParts, task: Task): Promise<Next> {
  ports.log.info({ taskId: task.id }, "no machine has the session: the task begins anew");
  await record(ports.tasks, task, notRequested(task));
  return { afterMs: 0 };
}
