import type { Script } from "../../sandbox/mission-control/behavior.ts";
import type { TaskEvent } from "../../sandbox/mission-control/task.ts";
import type { Story, World } from "./world.ts";

type Step = Script[number];

/** The agent of a session does something now. */
export function emit(
  { missionControl }: World,
  { session }: Story,
  type: string,
  data: TaskEvent["data"],
): void {
  missionControl.emit(session.id, type, data);
}

export const idle: Step = { afterMs: 0, type: "session.idle", data: {} };

export function says(content: string): Step {
  return { afterMs: 0, type: "assistant.message", data: { messageId: content, content } };
}

export function asksPermission(requestId: string, fullCommandText = "git push origin fix"): Step {
  const permissionRequest = { kind: "shell", toolCallId: `call-${requestId}`, fullCommandText };
  return { afterMs: 0, type: "permission.requested", data: { requestId, permissionRequest } };
}

export function asks(requestId: string, question: string, choices: string[] = []): Step {
  const data = { requestId, question, choices, toolCallId: `call-${requestId}` };
  return { afterMs: 0, type: "user_input.requested", data };
}

export function plans(requestId: string): Step {
  const data = {
    requestId,
    summary: "- Fix it",
    planContent: "",
    actions: ["autopilot", "interactive", "exit_only"],
    recommendedAction: "interactive",
  };
  return { afterMs: 0, type: "exit_plan_mode.requested", data };
}

/** Resolves when the agent has asked. */
export async function askedOf(story: Story, requestId: string): Promise<void> {
  await story.next("asked", (observation) => observation.requestId === requestId);
}
