import type { Failure } from "../../core/task/failure.ts";
import type { Task } from "../../core/task/task.ts";
import type { Ports } from "../../ports/ports.ts";

type Connected = Pick<Ports["identities"], "isConnected">;

/** The session is there, without its prompt. */
export const DISCONNECTED: Failure = {
  code: "prompt_not_delivered",
  cause: "disconnected",
  message: "the requester disconnected their Copilot",
  nothingCreated: false,
};

/** Whether a task's session is its requester's own, and they have disconnected their Copilot, here or through another replica. */
export async function hasDisconnected(identities: Connected, task: Task): Promise<boolean> {
  const { decision, requester } = task;
  return decision.identity === "requester" && !(await identities.isConnected(requester.id));
}

/** Those whose requesters have disconnected their Copilot. Each person is looked up once. */
export async function ofDisconnected<T extends { readonly task: Task }>(
  identities: Connected,
  all: Iterable<T>,
): Promise<readonly T[]> {
  const byPerson = Map.groupBy(
    [...all].filter(({ task }) => task.decision.identity === "requester"),
    ({ task }) => task.requester.id,
  );
  const left: T[] = [];
  for (const theirs of byPerson.values()) {
    const [one] = theirs;
    if (one !== undefined && (await hasDisconnected(identities, one.task))) left.push(...theirs);
  }
  return left;
}
