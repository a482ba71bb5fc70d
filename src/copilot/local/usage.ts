import type { CopilotSession } from "@github/copilot-sdk";
import type { SessionUsage } from "../../core/task/hosting.ts";

/** Sums up what a session has used, over all models. */
export async function usageOf({ rpc }: Pick<CopilotSession, "rpc">): Promise<SessionUsage | null> {
  try {
    const { modelMetrics, codeChanges } = await rpc.usage.getMetrics();
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
