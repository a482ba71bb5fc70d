import type { Task } from "../../core/task/task.ts";
import {
  askedToConnect,
  connected,
  waitingForConnection,
} from "../../core/task/transitions/starting.ts";
import { commentIntended } from "../../core/task/transitions/showing.ts";
import type { Next } from "../../ports/queue.ts";
import { record } from "../lease/record.ts";
import type { Halted } from "../report/outcomes.ts";
import { leaveToOthers } from "./other-replica.ts";
import type { StarterParts } from "./starter-parts.ts";

/** Whose Copilot a task uses is known, and it has a token. */
interface Identified {
  readonly type: "identified";
  readonly task: Task;
  readonly token: string;
  readonly usableUntil: string | null;
}

/** The token of a task's identity; a task whose requester has to connect their Copilot first waits for that. */
export async function identify(parts: StarterParts, task: Task): Promise<Identified | Halted> {
  const { ports, outcomes } = parts;
  const identity = await ports.identities.identityToBegin(task);
  switch (identity.type) {
    case "identity": {
      const { token, usableUntil } = identity;
      const isWaiting = task.schedule.connectBy !== null;
      const free = isWaiting ? await record(ports.tasks, task, connected(task)) : task;
      return { type: "identified", task: free, token, usableUntil };
    }
    case "unreachable": {
      const { message } = identity;
      ports.log.warn({ taskId: task.id, message }, "token not refreshed yet");
      return {
        type: "halted",
        next: await outcomes.refused(task, { type: "unreachable", message }),
      };
    }
    case "not_connected":
      return { type: "halted", next: await waitForConnection(parts, task) };
    case "unavailable":
      return { type: "halted", next: await leaveToOthers(parts, task) };
    default:
      return identity satisfies never;
  }
}

async function waitForConnection(parts: StarterParts, task: Task): Promise<Next> {
  const { ports, outcomes, reporter, timeouts } = parts;
  const now = ports.now().getTime();
  const { connectBy } = task.schedule;
  if (connectBy !== null && Date.parse(connectBy) <= now) {
    return outcomes.canceled(task, "not_connected");
  }
  const until = connectBy ?? new Date(now + timeouts.connectMs).toISOString();
  const waiting = await record(ports.tasks, task, waitingForConnection(task, until));
  ports.log.info({ taskId: task.id, until }, "waiting for the requester to connect");
  const stop = await ports.sessionCommands.stopOf(task.id);
  if (stop !== null) return outcomes.stopped(waiting, stop);
  const asking = await claimAsking(parts, waiting);
  const shown = asking === null ? waiting : await reporter.update(asking);
  const afterMs = asking === null ? Infinity : reporter.tryAgainMs(shown);
  if (afterMs < Infinity) return { afterMs };
  const again = new Date(now + timeouts.decideAgainMs).toISOString();
  const resting = await record(ports.tasks, shown, askedToConnect(shown, again));
  // Whoever connected before the task rested didn't wake it.
  const identity = await ports.identities.identityFor(resting);
  if (identity.type === "not_connected") return "done";
  await record(ports.tasks, resting, connected(resting));
  return { afterMs: 0 };
}

/** One comment asks a person in a thread, however many tasks of theirs wait there; null for a task that isn't to ask. */
async function claimAsking({ ports }: StarterParts, task: Task): Promise<Task | null> {
  if (task.shown.comment.id !== null) return task;
  const { place, subject, requester } = task;
  const { repositoryId } = place;
  const where = { repositoryId, subjectNumber: subject.number, requesterId: requester.id };
  const at = task.shown.comment.intentAt ?? ports.now().toISOString();
  const isAsking = await ports.waitingRequesters.claimAsking(task.id, where, at);
  return isAsking ? commentIntended(task, at) : null;
}

/**
 * Whoever connected may have done so at another replica, or just before the bot was stopped. Where the task whose
 * comment asked has ended, the next one asks.
 */
export async function wakeConnected(
  ports: Pick<StarterParts["ports"], "waitingRequesters" | "identities" | "processAgain">,
): Promise<void> {
  for (const userId of await ports.waitingRequesters.connectedIds()) {
    // The key of its tokens may be missing.
    if (!(await ports.identities.isConnected(userId))) continue;
    for (const { id } of await ports.waitingRequesters.wake(userId)) ports.processAgain(id);
  }
  for (const { id } of await ports.waitingRequesters.wakeUnasked()) ports.processAgain(id);
}
