import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { z } from "zod";
import { settle, waitingRequests } from "./requests.ts";
import { resumeScript } from "./script.ts";
import { emit, type Task } from "./task.ts";
import { giveAnswer, sendBody, sendNotFound, type RecordedRequest } from "./wire.ts";

/** The body of `POST /tasks/{id}/rpc`. */
const callSchema = z.looseObject({
  rpc_method: z.string(),
  params: z.record(z.string(), z.json()).default({}),
});

/** What the worker does with a call: its result, or what it says of a call that it refuses. */
type Outcome =
  | { readonly state: "completed"; readonly result: Readonly<Record<string, unknown>> }
  | { readonly state: "failed"; readonly error: string }
  | { readonly state: "pending" };

/** Takes a call for the worker; the answer has the id by which its outcome can be asked for. */
export async function takeCall(
  task: Task,
  { body }: RecordedRequest,
  response: ServerResponse,
): Promise<void> {
  const { rpc_method: method, params } = callSchema.parse(body);
  const { rpc = {} } = task.record.behavior;
  const { error, ...answer } = rpc[method] ?? rpc["*"] ?? {};
  await giveAnswer(response, answer, () => {
    const id = randomUUID();
    task.record.calls.push({ method, params });
    task.calls.set(id, outcomeOf(task, method, params, error));
    task.onChange();
    return { status: 201, body: { id } };
  });
}

/** `GET /tasks/{id}/rpc/{id}`. */
export function showCall(task: Task, callId: string, response: ServerResponse): void {
  const outcome = task.calls.get(callId);
  if (outcome === undefined) sendNotFound(response);
  else sendBody(response, 200, { id: callId, ...outcome });
}

function outcomeOf(
  task: Task,
  method: string,
  params: Readonly<Record<string, unknown>>,
  error: string | undefined,
): Outcome {
  if (error !== undefined) return { state: "failed", error };
  if (task.worker === "absent") return { state: "pending" };
  const result = WORKER[method]?.(task, params);
  return result === undefined
    ? { state: "failed", error: `Unhandled method ${method}` }
    : { state: "completed", result };
}

const answered = z.looseObject({ requestId: z.string(), response: z.record(z.string(), z.json()) });

/** What a worker was seen to know, by the names of the methods. */
const WORKER: Readonly<
  Record<string, (task: Task, params: Readonly<Record<string, unknown>>) => Record<string, unknown>>
> = {
  // Asked before each prompt, by runtimes from 1.0.81 on.
  "session.sandbox.getEnforcementStatus": () => ({ required: false, blocked: false }),
  "session.ui.handlePendingUserInput": (task, params) => takeAnswer(task, "user_input", params),
  "session.ui.handlePendingExitPlanMode": (task, params) =>
    takeAnswer(task, "exit_plan_mode", params),
  "session.model.switchTo": (task, params) => {
    const { modelId } = z.looseObject({ modelId: z.string() }).parse(params);
    emit(task, "session.model_change", { newModel: modelId });
    return { modelId };
  },
  "session.model.setReasoningEffort": (_task, params) => {
    const { reasoningEffort } = z.looseObject({ reasoningEffort: z.string() }).parse(params);
    return { reasoningEffort };
  },
};

function takeAnswer(
  task: Task,
  kind: "user_input" | "exit_plan_mode",
  params: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const { requestId, response } = answered.parse(params);
  const request = waitingRequests(task).find(
    (one) => one.kind === kind && one.requestId === requestId,
  );
  if (request === undefined) return { success: false };
  task.record.responses.push({ promptId: request.promptId, ...response });
  settle(task, request, response, true);
  resumeScript(task);
  return { success: true };
}
