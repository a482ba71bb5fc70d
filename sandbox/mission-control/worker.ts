import { randomUUID } from "node:crypto";
import { z } from "zod";
import { emit, later, type RecordedTask, type Task } from "./task.ts";

const WORKER_DELAY_MS = 50;

/** The body of `POST /tasks/{id}/steer`. */
export const commandSchema = z.looseObject({ type: z.string(), content: z.string().default("") });

type Command = z.infer<typeof commandSchema>;

const permissionRequestSchema = z.looseObject({
  requestId: z.string(),
  permissionRequest: z.looseObject({ toolCallId: z.string().optional() }),
});

const permissionResponseSchema = z.looseObject({ promptId: z.string(), approved: z.boolean() });

/** Sets the worker of a new task on its way, as the behaviour of the task says. */
export function startWorker(task: Task): void {
  const { behaviour, repository } = task.record;
  if (behaviour.requestedFirst ?? true) emit(task, "session.requested", { repository });
  if (behaviour.otherProducerFirst) emitStart(task, "mission-control");
  if (behaviour.worker === "none") return;
  later(task, behaviour.workerDelayMs ?? WORKER_DELAY_MS, () => {
    task.workerStarted = true;
    if (behaviour.events !== "no start") emitStart(task, "copilot-agent");
    emitLink(task);
  });
}

function emitStart(task: Task, producer: string): void {
  emit(task, "session.start", {
    sessionId: task.record.id,
    version: 1,
    producer,
    copilotVersion: "1.0.80",
    startTime: new Date().toISOString(),
    remoteSteerable: true,
    context: checkout(task.record),
  });
}

function checkout(task: RecordedTask): Record<string, string> {
  const { repository = task.repository, branch = "main", cwd } = task.behaviour.context ?? {};
  return { cwd: cwd ?? `/workspace/${repository.split("/").at(-1)}`, repository, branch };
}

function emitLink(task: Task): void {
  const { id, behaviour } = task.record;
  const { none, delayMs, url = `https://github.com/copilot/tasks/${id}` } = behaviour.link ?? {};
  if (none) return;
  const info = { infoType: "remote", message: "The session is on GitHub.", url };
  if (delayMs === undefined) emit(task, "session.info", info);
  else later(task, delayMs, () => emit(task, "session.info", info));
}

/** Gives the worker a command that was accepted; before the worker started, it is lost. */
export function steerWorker(task: Task, command: Command, lateMs: number | undefined): void {
  if (lateMs === undefined) takeCommand(task, command);
  else later(task, lateMs, () => takeCommand(task, command));
}

function takeCommand(task: Task, { type, content }: Command): void {
  if (!task.workerStarted) return;
  if (type === "user_message") takePrompt(task, content);
  else if (type === "abort") takeAbort(task);
  else if (type === "permission_response") takePermission(task, content);
}

function takePrompt(task: Task, content: string): void {
  const { prompts, behaviour } = task.record;
  prompts.push(content);
  // With such a source the cloud worker marks what came from a steered command.
  emit(task, "user.message", { content, source: `command-${randomUUID()}` });
  if (prompts.length > 1) return;
  const { aborts } = task.record;
  let after = 0;
  for (const step of behaviour.script ?? []) {
    after += step.afterMs;
    later(task, after, () => {
      if (task.record.aborts === aborts) emit(task, step.type, step.data);
    });
  }
}

function takeAbort(task: Task): void {
  task.record.aborts += 1;
  emit(task, "abort", { reason: "remote_command" });
  emit(task, "session.idle", { aborted: true });
}

function takePermission(task: Task, content: string): void {
  const response = permissionResponseSchema.parse(JSON.parse(content));
  task.record.permissionResponses.push(response);
  const kind = response.approved ? "approved" : "denied-interactively-by-user";
  emit(task, "permission.completed", {
    requestId: requestOf(task, response.promptId),
    result: { kind },
  });
}

/** The runtime names the request by its tool call when it has one, else by its own id. */
function requestOf({ record }: Task, promptId: string): string {
  const requests = record.events.flatMap(({ data }) => {
    const parsed = permissionRequestSchema.safeParse(data);
    return parsed.success ? [parsed.data] : [];
  });
  const request = requests.findLast(
    ({ permissionRequest }) => permissionRequest.toolCallId === promptId,
  );
  return request?.requestId ?? promptId;
}
