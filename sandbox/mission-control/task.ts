import { randomUUID } from "node:crypto";
import type { Behavior, Script } from "./behavior.ts";

/** An event as `GET /tasks/{id}/events` lists it. */
export interface TaskEvent {
  readonly id: string;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly parentId: string | null;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A task with all that happened to it. */
export interface RecordedTask {
  readonly id: string;
  /** `owner/name`; empty when the task was created without one. */
  readonly repository: string;
  /** The token it was created with. */
  readonly authorization: string | undefined;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly behavior: Behavior;
  /** The prompts the worker took, in order. */
  readonly prompts: readonly string[];
  /** How many aborts the worker took. */
  readonly aborts: number;
  /** The answers to permission requests the worker took, in order. */
  readonly permissionResponses: readonly PermissionResponse[];
  /** The answers to questions and plans the worker took, in order. */
  readonly responses: readonly Response[];
  /** The remote calls that were accepted, in order. */
  readonly calls: readonly Call[];
  /** As the worker emitted them, in order. */
  readonly events: readonly TaskEvent[];
}

/** What the runtime answers to a `permission.requested` event. */
interface PermissionResponse {
  /** The `toolCallId` of the request, or its `requestId`. */
  readonly promptId: string;
  readonly approved: boolean;
}

/** What the runtime answers to a `user_input.requested` or `exit_plan_mode.requested` event. */
export interface Response extends Readonly<Record<string, unknown>> {
  readonly promptId: string;
}

/** A call of `POST /tasks/{id}/rpc`. */
interface Call {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

interface TaskRecord extends RecordedTask {
  readonly prompts: string[];
  aborts: number;
  readonly permissionResponses: PermissionResponse[];
  readonly responses: Response[];
  readonly calls: Call[];
  readonly events: TaskEvent[];
}

/** A task as the fake keeps it: the record, and what only the fake needs. */
export interface Task {
  readonly record: TaskRecord;
  readonly timers: Set<NodeJS.Timeout>;
  /** Called after each event. */
  readonly onChange: () => void;
  worker: "absent" | "idle" | "busy";
  /** What the script has left to do, behind the step that is due. */
  waiting: Script;
  isStepDue: boolean;
  /** Follow-ups that the script has not waited for. */
  unreadMessages: number;
  /** Raised when the script is broken off. */
  scriptRun: number;
  failedPolls: number;
  steeredCommands: number;
  /** What became of the remote calls, by their ids. */
  readonly calls: Map<string, Readonly<Record<string, unknown>>>;
  mode: string;
}

/** What a task is created from. */
export type TaskOrigin = Pick<RecordedTask, "repository" | "authorization" | "behavior"> &
  Pick<Task, "onChange">;

/** A new task without events; nothing happens to it by itself. */
export function createTask({ onChange, ...origin }: TaskOrigin): Task {
  return {
    record: {
      ...origin,
      id: randomUUID(),
      createdAt: new Date().toISOString(),
      prompts: [],
      aborts: 0,
      permissionResponses: [],
      responses: [],
      calls: [],
      events: [],
    },
    timers: new Set(),
    onChange,
    worker: "absent",
    waiting: [],
    isStepDue: false,
    unreadMessages: 0,
    scriptRun: 0,
    failedPolls: 0,
    steeredCommands: 0,
    calls: new Map(),
    mode: "interactive",
  };
}

/** How an event is listed, where that is not as usual. */
export interface Listing {
  readonly stampMs?: number | undefined;
  readonly twice?: boolean | undefined;
}

/** Adds an event to the task. */
export function emit(
  task: Task,
  type: string,
  data: TaskEvent["data"],
  { stampMs, twice = false }: Listing = {},
): void {
  const { events } = task.record;
  const last = events.at(-1);
  // The runtime sorts by the timestamp: two events never have the same.
  const earliest = last === undefined ? 0 : Date.parse(last.timestamp) + 1;
  const stamp = stampMs === undefined ? Math.max(Date.now(), earliest) : Date.now() + stampMs;
  const timestamp = new Date(stamp).toISOString();
  const event = { id: randomUUID(), timestamp, parentId: last?.id ?? null, type, data };
  events.push(event, ...(twice ? [event] : []));
  if (type === "session.idle" && task.worker === "busy") task.worker = "idle";
  task.onChange();
}

/** Acts after so many milliseconds, unless the task is closed before. */
export function later(task: Task, milliseconds: number, action: () => void): void {
  const timer = setTimeout(() => {
    task.timers.delete(timer);
    action();
  }, milliseconds);
  task.timers.add(timer.unref());
}

/** Ends the timers of the task. */
export function closeTask({ timers }: Task): void {
  for (const timer of timers) clearTimeout(timer);
  timers.clear();
}

/** The task as `POST /tasks` and `GET /tasks/{id}` answer it. */
export function taskBody({ record }: Task): Record<string, unknown> {
  const hasStarted = record.events.some(({ type }) => type === "session.start");
  const common = {
    state: hasStarted ? "in_progress" : "queued",
    created_at: record.createdAt,
    updated_at: record.events.at(-1)?.timestamp ?? record.createdAt,
    owner_id: 1,
    repo_id: 1,
  };
  return {
    ...common,
    id: record.id,
    name: `A task in ${record.repository}`,
    status: common.state,
    creator_id: 1,
    session_count: 1,
    // By this slug the runtime knows a task it may connect to and steer.
    agent_collaborators: [{ slug: "copilot-developer-sandbox" }],
    sessions: [{ ...common, id: `${record.id}-session`, task_id: record.id }],
  };
}
