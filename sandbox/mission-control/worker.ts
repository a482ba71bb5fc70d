import { randomUUID } from "node:crypto";
import { z } from "zod";
import { settle, waitingRequests } from "./requests.ts";
import { beginScript, breakOffScript, resumeScript } from "./script.ts";
import { emit, later, type RecordedTask, type Task } from "./task.ts";

const WORKER_DELAY_MS = 50;

/** The body of `POST /tasks/{id}/steer`; runtimes from 1.0.81 on add an `external_id`. */
export const commandSchema = z.looseObject({ type: z.string(), content: z.string().default("") });

type Command = z.infer<typeof commandSchema>;

const responseSchema = z.looseObject({ promptId: z.string() });
const permissionResponseSchema = responseSchema.extend({ approved: z.boolean() });

/** Sets the worker of a new task on its way, as the behavior of the task says. */
export function startWorker(task: Task): void {
  const { behavior, repository } = task.record;
  if (behavior.requestedFirst ?? true) emit(task, "session.requested", { repository });
  if (behavior.otherProducerFirst) emitStart(task, "mission-control");
  if (behavior.worker === "none") return;
  later(task, behavior.workerDelayMs ?? WORKER_DELAY_MS, () => beginWork(task));
}

/** The worker of a task is there. */
export function beginWork(task: Task): void {
  task.worker = "idle";
  if (task.record.behavior.events !== "no start") emitStart(task, "copilot-agent");
  emitLink(task);
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
  const { repository = task.repository, branch = "main", cwd } = task.behavior.context ?? {};
  return { cwd: cwd ?? `/workspace/${repository.split("/").at(-1)}`, repository, branch };
}

function emitLink(task: Task): void {
  const { id, behavior } = task.record;
  const { none, delayMs, url = `https://github.com/copilot/tasks/${id}` } = behavior.link ?? {};
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
  if (task.worker === "absent") return;
  if (type === "user_message") takePrompt(task, content);
  else if (type === "abort") takeAbort(task);
  else if (type === "mode_switch") takeMode(task, content);
  else if (type === "permission_response") takePermission(task, content);
  else if (type === "ask_user_response") takeResponse(task, "user_input", content);
  else if (type === "plan_approval_response") takeResponse(task, "exit_plan_mode", content);
  else return;
  resumeScript(task);
}

function takePrompt(task: Task, content: string): void {
  const { prompts } = task.record;
  prompts.push(content);
  task.worker = "busy";
  // With such a source the cloud worker marks what came from a steered command.
  emit(task, "user.message", { content, source: `command-${randomUUID()}` });
  if (prompts.length === 1) beginScript(task);
  else task.unreadMessages += 1;
}

/** As the cloud worker does it: of a question that waits, nothing more is heard. */
function takeAbort(task: Task): void {
  task.record.aborts += 1;
  if (task.worker === "idle") {
    task.onChange();
    return;
  }
  breakOffScript(task);
  for (const request of waitingRequests(task)) {
    const result = { result: { kind: "cancelled", reason: "Session aborted" } };
    if (request.kind === "permission") settle(task, request, result, true);
  }
  emit(task, "abort", { reason: "remote_command" });
  emit(task, "abort", { reason: "remote_command" });
  emit(task, "session.idle", { aborted: true });
}

const modeSchema = z.looseObject({ mode: z.string() });

/** Runtimes up to 1.0.80 keep the mode to themselves. */
function takeMode(task: Task, content: string): void {
  const { mode: newMode } = modeSchema.parse(JSON.parse(content));
  const previousMode = task.mode;
  task.mode = newMode;
  emit(task, "session.mode_changed", { previousMode, newMode });
}

/** A denial ends the agent's turn. An answer that nothing waits for changes nothing. */
function takePermission(task: Task, content: string): void {
  const response = permissionResponseSchema.parse(JSON.parse(content));
  const { promptId, approved } = response;
  const request = waitingRequests(task).find(
    (one) => one.kind === "permission" && one.promptId === promptId,
  );
  task.record.permissionResponses.push(response);
  task.onChange();
  if (request === undefined) return;
  const kind = approved ? "approved" : "denied-interactively-by-user";
  settle(task, request, { result: { kind } }, approved);
  if (approved || waitingRequests(task).length > 0) return;
  breakOffScript(task);
  emit(task, "session.idle", {});
}

function takeResponse(task: Task, kind: "user_input" | "exit_plan_mode", content: string): void {
  const { promptId, ...answer } = responseSchema.parse(JSON.parse(content));
  const request = waitingRequests(task).find(
    (one) => one.kind === kind && one.promptId === promptId,
  );
  task.record.responses.push({ promptId, ...answer });
  task.onChange();
  if (request !== undefined) settle(task, request, answer, true);
}
