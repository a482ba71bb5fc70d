import { z } from "zod";
import { emit, type Task } from "./task.ts";

/** A request of the agent's that nobody has answered. */
interface WaitingRequest {
  readonly requestId: string;
  /** As the runtime names it: by its tool call when it has one. */
  readonly promptId: string;
  readonly kind: RequestKind;
}

const KINDS = ["permission", "user_input", "exit_plan_mode"] as const;
type RequestKind = (typeof KINDS)[number];

const toolCallId = z.string().optional();
const requestSchema = z.looseObject({
  requestId: z.string(),
  toolCallId,
  permissionRequest: z.looseObject({ toolCallId }).optional(),
});

/** The requests that wait, oldest first. */
export function waitingRequests({ record }: Task): WaitingRequest[] {
  const waiting = new Map<string, WaitingRequest>();
  for (const { type, data } of record.events) {
    if (type === "session.idle") waiting.clear();
    const kind = KINDS.find((one) => type.startsWith(`${one}.`));
    const request = requestSchema.safeParse(data).data;
    if (kind === undefined || request === undefined) continue;
    const { requestId, permissionRequest } = request;
    const promptId = permissionRequest?.toolCallId ?? request.toolCallId ?? requestId;
    if (type.endsWith(".requested")) waiting.set(requestId, { requestId, promptId, kind });
    else waiting.delete(requestId);
  }
  return [...waiting.values()];
}

/** Says that a request is settled; the tool that asked continues, or has failed. */
export function settle(
  task: Task,
  { requestId, promptId, kind }: WaitingRequest,
  result: Readonly<Record<string, unknown>>,
  isGranted: boolean,
): void {
  const isTool = promptId !== requestId;
  const tool = isTool ? { toolCallId: promptId } : {};
  emit(task, `${kind}.completed`, { requestId, ...tool, ...result });
  if (!isTool || isGranted) return;
  const error = { message: "The user rejected this tool call.", code: "rejected" };
  emit(task, "tool.execution_complete", { ...tool, success: false, error });
}
