import type { Lane, Task } from "../../src/core/task.ts";
import type { Trigger } from "../../src/core/trigger.ts";
import type { TaskStore } from "../../src/store/tasks.ts";
import { commanded } from "./trigger.ts";

/** What the gate records of a task that it lets pass. */
export const ADMITTED = {
  kind: "triage",
  requesterRole: "write",
  branch: "main",
  commit: "0123456789abcdef0123456789abcdef01234567",
  policyCommit: "1".repeat(40),
  defaultsCommit: "2".repeat(40),
} as const;

/** What is recorded when a session is asked for. */
export const ASKED = {
  state: "in_progress",
  sessionIntentAt: "2026-11-21T12:00:02.000Z",
  promptDigest: "3".repeat(64),
} as const;

/** What is recorded when its agent is there. */
export const STARTED = {
  sessionId: "5f9c2b1e-7c1d-4a55-8f43-3a1b8f0f6d21",
  sessionStartedAt: "2026-11-21T12:00:03.000Z",
  promptIntentAt: "2026-11-21T12:00:03.000Z",
} as const;

/** No limit at all. */
export const UNLIMITED = { limits: [], atOnce: null } as const;

export async function inserted(tasks: TaskStore, trigger: Trigger): Promise<Task> {
  const task = await tasks.insert(trigger);
  if (task === null) throw new TypeError("a duplicate");
  return task;
}

export async function claimed(tasks: TaskStore, id: string, lane: Lane = "start"): Promise<Task> {
  const claim = await tasks.claim(id, lane);
  if (claim.type !== "claimed") throw new TypeError(`not claimed: ${JSON.stringify(claim)}`);
  return claim.task;
}

/** A task that its runner has begun to move. */
export async function moving(tasks: TaskStore, trigger: Trigger): Promise<Task> {
  const { id } = await inserted(tasks, trigger);
  return claimed(tasks, id, "receive");
}

/** As many tasks of commands. */
export async function insertMany(tasks: TaskStore, count: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  await Promise.all(numbers.map((number) => inserted(tasks, commanded(number))));
}
