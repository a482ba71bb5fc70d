import type { Environment } from "./environment.ts";

/** A token whose account's Copilot sessions can use. */
export interface CopilotToken {
  readonly token: string;
  /** The variable that has it. */
  readonly variable: string;
}

/** A name for each identity that a session can have. */
export type IdentityName = keyof ReturnType<typeof copilotTokens>;

/**
 * The tokens of all identities. No session uses another: the gate refuses requests by their accounts, the doctor checks
 * each of them, and none gets into the log.
 */
export function copilotTokens(environment: Environment) {
  const { COPILOT_GITHUB_TOKEN } = environment;
  return {
    shared: { token: COPILOT_GITHUB_TOKEN, variable: "COPILOT_GITHUB_TOKEN" },
  } as const satisfies Readonly<Record<string, CopilotToken>>;
}
