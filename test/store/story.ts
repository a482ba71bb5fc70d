import type { Lane, Task } from "../../src/core/task/task.ts";
import type { Trigger } from "../../src/core/webhook/trigger.ts";
import type { TaskStore } from "../../src/ports/tasks.ts";
import type { Layer } from "../core/task.ts";
import { changed } from "../core/task.ts";
import { commanded } from "./trigger.ts";

/** What the gate records of a task that it lets pass. */
export const ADMITTED = {
  requester: { role: "write" },
  decision: {
    kind: "triage",
    branch: "main",
    commit: "0123456789abcdef0123456789abcdef01234567",
    policyCommit: "1".repeat(40),
    defaultsCommit: "2".repeat(40),
  },
} as const satisfies Layer;

/** What is recorded when a session is requested. */
export const ASKED = {
  state: "in_progress",
  session: { intentAt: "2026-11-21T12:00:02.000Z", prompt: { digest: "3".repeat(64) } },
} as const satisfies Layer;

/** What is recorded when its agent is there. */
export const STARTED = {
  session: {
    id: "5f9c2b1e-7c1d-4a55-8f43-3a1b8f0f6d21",
    startedAt: "2026-11-21T12:00:03.000Z",
    prompt: { intentAt: "2026-11-21T12:00:03.000Z" },
  },
} as const satisfies Layer;

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

/** Records what the layers say of a task; null when its claim is lost. */
export function record(
  tasks: Pick<TaskStore, "record">,
  task: Task,
  ...layers: readonly Layer[]
): Promise<Task | null> {
  return tasks.record(task, changed(task, ...layers));
}

/** As many tasks of commands. */
export async function insertMany(tasks: TaskStore, count: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  await Promise.all(numbers.map((number) => inserted(tasks, commanded(number))));
}
