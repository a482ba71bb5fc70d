import type { ServerResponse } from "node:http";
import { z } from "zod";
import type { Behaviors } from "./behavior.ts";
import { handleSessions, type KeptSession } from "./local-session.ts";
import { showCall, takeCall } from "./rpc.ts";
import { closeTask, createTask, taskBody, type Task } from "./task.ts";
import { giveAnswer, sendBody, sendNotFound, type RecordedRequest } from "./wire.ts";
import { commandSchema, startWorker, steerWorker } from "./worker.ts";

const createBody = z.looseObject({
  repositories: z.array(z.looseObject({ owner: z.string(), name: z.string() })).default([]),
});

/** What Mission Control knows. */
export interface Agents {
  /** By id, in the order of their creation. */
  readonly tasks: Map<string, Task>;
  /** Local sessions that were shared, by id, in that order. */
  readonly sessions: Map<string, KeptSession>;
  readonly behaviors: Behaviors;
  /** Called after each creation and event. */
  readonly onChange: () => void;
}

/** Answers a request to Mission Control; `path` is what follows `/agents`, without the query. */
export async function handleAgents(
  agents: Agents,
  request: RecordedRequest,
  path: string,
  response: ServerResponse,
): Promise<void> {
  if (request.method === "POST" && path === "/tasks") {
    await create(agents, request, response);
    return;
  }
  if (path.startsWith("/sessions")) {
    await handleSessions(agents, request, path, response);
    return;
  }
  const route = /^\/tasks\/(?<id>[^/]+)(?:\/(?<part>[^/]+)(?:\/(?<call>[^/]+))?)?$/.exec(
    path,
  )?.groups;
  const task = agents.tasks.get(route?.["id"] ?? "");
  const call = route?.["call"];
  const action = `${request.method} ${route?.["part"] ?? "task"}${call === undefined ? "" : " call"}`;
  if (task === undefined) sendNotFound(response);
  else if (action === "GET task") await show(task, response);
  else if (action === "GET events") listEvents(task, response);
  else if (action === "POST steer") await steer(task, request, response);
  else if (action === "POST rpc") await takeCall(task, request, response);
  else if (action === "GET rpc call") showCall(task, call ?? "", response);
  else sendNotFound(response);
}

/** Ends the timers of all tasks. */
export function closeAgents({ tasks }: Agents): void {
  for (const task of tasks.values()) closeTask(task);
}

async function create(
  { tasks, behaviors, onChange }: Agents,
  { authorization, body }: RecordedRequest,
  response: ServerResponse,
): Promise<void> {
  const [first] = createBody.parse(body ?? {}).repositories;
  const repository = first === undefined ? "" : `${first.owner}/${first.name}`;
  const behavior = behaviors.take(repository);
  await giveAnswer(response, behavior.create, () => {
    const task = createTask({ repository, authorization, behavior, onChange });
    tasks.set(task.record.id, task);
    startWorker(task);
    onChange();
    return { status: 201, body: taskBody(task) };
  });
}

async function show(task: Task, response: ServerResponse): Promise<void> {
  await giveAnswer(response, task.record.behavior.taskLookup, () => ({
    status: 200,
    body: taskBody(task),
  }));
}

function listEvents(task: Task, response: ServerResponse): void {
  const { behavior, events } = task.record;
  if (task.failedPolls < (behavior.eventsFailures ?? 0)) {
    task.failedPolls += 1;
    sendBody(response, 502, "<html><body>502 Bad Gateway</body></html>");
    return;
  }
  sendBody(response, 200, { events: behavior.events === "empty" ? [] : events });
}

async function steer(
  task: Task,
  { body }: RecordedRequest,
  response: ServerResponse,
): Promise<void> {
  const command = commandSchema.parse(body);
  const { after = 0, times = Infinity, ...answer } = task.record.behavior.steer ?? {};
  task.steeredCommands += 1;
  const count = task.steeredCommands - after;
  const unusual = count >= 1 && count <= times ? answer : undefined;
  await giveAnswer(response, unusual, () => {
    if (unusual?.swallow !== true) steerWorker(task, command, unusual?.lateMs);
    return { status: 200, body: {} };
  });
}
