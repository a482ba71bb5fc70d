import type { CopilotClient, SessionConfig } from "@github/copilot-sdk";
import { refusalOf } from "./refusal-of.ts";

/**
 * The two kinds of runtimes that can create cloud sessions. `older`, up to 1.0.80: each session has its own token, and
 * the runtime calls handlers. `newer`, from 1.0.81 on: sessions without handlers, and all of the client's user.
 */
export type Family = "older" | "newer";

/** JSON-RPC's "method not found". */
const METHOD_NOT_FOUND = -32_601;

/** Why a runtime without a user refused a cloud session. */
export type ProbeAnswer = "needs token" | "no method" | "other";

/** What a runtime answered. */
export interface ProbeAnswers {
  readonly withoutHandlers: ProbeAnswer;
  readonly withHandlers: ProbeAnswer;
}

/** The family by its answers; null for a runtime that can't create cloud sessions. */
export function familyOf({ withoutHandlers, withHandlers }: ProbeAnswers): Family | null {
  if (withoutHandlers !== "needs token") return null;
  if (withHandlers === "no method") return "newer";
  return withHandlers === "needs token" ? "older" : null;
}

function answerOf(error: unknown): ProbeAnswer {
  const { code, message } = refusalOf(error);
  if (code === METHOD_NOT_FOUND) return "no method";
  return /requires authentication/u.test(message) ? "needs token" : "other";
}

/**
 * The family of a runtime, found out without creating a session: asked for a session of nobody, it refuses for want
 * of a token before it sends anything, or says that it has no such method.
 *
 * Only for a runtime that knows no user.
 */
export async function probeFamily(client: CopilotClient): Promise<Family | null> {
  const repository = { owner: "nobody", name: "nothing" };
  const ask = async (handlers: Partial<SessionConfig>): Promise<ProbeAnswer> => {
    try {
      const session = await client.createSession({
        cloud: { repository },
        availableTools: [],
        includeSubAgentStreamingEvents: false,
        ...handlers,
      });
      await session.disconnect();
      return "other";
    } catch (error) {
      return answerOf(error);
    }
  };
  return familyOf({
    withoutHandlers: await ask({}),
    withHandlers: await ask({ onPermissionRequest: () => ({ kind: "no-result" }) }),
  });
}
