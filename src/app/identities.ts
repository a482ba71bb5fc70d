import type { CopilotToken, IdentityName } from "../config/copilot-tokens.ts";
import { copilotTokens } from "../config/copilot-tokens.ts";
import { restBaseUrl } from "../config/environment.ts";
import type { SharedAccount } from "../core/access/shared-account.ts";
import { hostsOf } from "../core/github/hosts.ts";
import { createAccountLookup } from "../github/copilot-account.ts";
import type { Identities } from "../ports/identities.ts";
import { createDiagnosis } from "./diagnosis.ts";
import type { AppOptions } from "./options.ts";

/** Whose Copilot a session uses. */
type Choose = (task: Parameters<Identities["identityFor"]>[0]) => IdentityName;

/**
 * The identities of sessions: those that have a token in the settings, so that the gate knows the account of each, and
 * the doctor checks it.
 */
export function createIdentities(options: AppOptions, choose: Choose): Identities {
  const { environment, variables } = options;
  const tokens = copilotTokens(environment);
  const accounts = Object.values(tokens).map((token) => accountOf(token, options));
  return {
    async identityFor(task) {
      const name = choose(task);
      const chosen = tokens[name];
      if (chosen === undefined) throw new Error(`No setting has a Copilot token for "${name}".`);
      return chosen;
    },
    accounts: () => Promise.all(accounts.map((account) => account())),
    diagnose: createDiagnosis({ environment, variables: { ...variables, ...environment } }),
  };
}

/** The account of a token. It's known before the first task is received. */
function accountOf(
  { token, variable }: CopilotToken,
  { environment, log }: AppOptions,
): () => Promise<SharedAccount> {
  const { kind } = hostsOf(environment);
  const baseUrl = restBaseUrl(environment);
  const lookUp = createAccountLookup({ token, variable, baseUrl, kind, log });
  lookUp().catch((err: unknown) => {
    log.warn({ err }, "Copilot account could not be looked up yet");
  });
  return lookUp;
}
