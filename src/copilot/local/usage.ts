import type { CopilotSession } from "@github/copilot-sdk";
import pTimeout from "p-timeout";
import type { SessionUsage } from "../../core/task/hosting.ts";

const ANSWER_MS = 5_000;

/** Sums up what a session has used, over all models. */
export async function usageOf({ rpc }: Pick<CopilotSession, "rpc">): Promise<SessionUsage | null> {
  try {
    // An agent can keep its runtime from answering.
    const asked = pTimeout(rpc.usage.getMetrics(), { milliseconds: ANSWER_MS });
    const { modelMetrics, codeChanges } = await asked;
    const models = Object.values(modelMetrics).flatMap((model) => model ?? []);
    const sum = (count: (model: (typeof models)[number]) => number) =>
      models.reduce((total, model) => total + count(model), 0);
    return {
      requests: sum(({ requests }) => requests.count),
      inputTokens: sum(({ usage }) => usage.inputTokens),
      outputTokens: sum(({ usage }) => usage.outputTokens),
      linesAdded: codeChanges.linesAdded,
      linesRemoved: codeChanges.linesRemoved,
    };
  } catch {
    return null;
  }
}
