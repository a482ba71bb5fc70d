import type { CopilotSession } from "@github/copilot-sdk";
import pTimeout from "p-timeout";
import type { SessionSetting } from "../core/task/session.ts";
import type { SessionRequest } from "../ports/copilot.ts";

export type WantedSettings = Pick<SessionRequest, "model" | "reasoningEffort">;

/** The prompt waits for it. */
const ANSWER_MS = 10_000;

/**
 * Sets what can't be said when a session is created. A setting is taken only when the session's answer says so: it may
 * know other models, or not answer at all.
 */
export async function applySettings(
  { rpc }: Pick<CopilotSession, "rpc">,
  { model, reasoningEffort }: WantedSettings,
): Promise<readonly SessionSetting[]> {
  const settings: SessionSetting[] = [];
  if (model !== undefined) {
    const answer = rpc.model.switchTo({ modelId: model });
    const isTaken = await confirmed(
      answer.then((set) => set.modelId === model && set.deferred !== true),
    );
    settings.push({ name: "model", value: model, isTaken });
  }
  if (reasoningEffort !== undefined) {
    const answer = rpc.model.setReasoningEffort({ reasoningEffort });
    const isTaken = await confirmed(answer.then((set) => set.reasoningEffort === reasoningEffort));
    settings.push({ name: "reasoning_effort", value: reasoningEffort, isTaken });
  }
  return settings;
}

async function confirmed(answer: Promise<boolean>): Promise<boolean> {
  try {
    return await pTimeout(answer, { milliseconds: ANSWER_MS });
  } catch {
    return false;
  }
}
