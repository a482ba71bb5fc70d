import type { Environment } from "./environment.ts";

/** A token whose account's Copilot sessions can use. */
export interface CopilotToken {
  readonly token: string;
  /** The variable that has it. */
  readonly variable: string;
}

/** A name for each identity of the bot's own that a session can have. */
export type IdentityName = "shared";

/**
 * The tokens of the bot's own identities; none where people connect theirs and the bot has none. Other than people's
 * own, no session uses another: the gate refuses requests by their accounts, the doctor checks each of them, and none
 * gets into the log.
 */
export function copilotTokens(
  environment: Environment,
): Readonly<Partial<Record<IdentityName, CopilotToken>>> {
  const { COPILOT_GITHUB_TOKEN: token } = environment;
  if (token === undefined) return {};
  return { shared: { token, variable: "COPILOT_GITHUB_TOKEN" } };
}
