import type { Environment } from "./environment.ts";
import type { ProvidedChoice } from "../core/policy/identity-choice.ts";
import { PROVIDED_CHOICES, PROVIDED_ACCOUNTS } from "../core/policy/identity-choice.ts";

/** A token whose account's Copilot sessions can use. */
export interface CopilotToken {
  readonly token: string;
  /** The variable that has it. */
  readonly variable: string;
}

/**
 * The tokens of the bot's own identities; none where people connect theirs and the bot has none. Other than people's
 * own, no session uses another: the gate refuses requests by their accounts, the doctor checks each of them, and none
 * gets into the log.
 */
export function copilotTokens(
  environment: Environment,
): Readonly<Partial<Record<ProvidedChoice, CopilotToken>>> {
  return Object.fromEntries(
    PROVIDED_CHOICES.flatMap((choice) => {
      const { variable } = PROVIDED_ACCOUNTS[choice];
      const token = environment[variable];
      return token === undefined ? [] : [[choice, { token, variable }]];
    }),
  );
}
