import type { CopilotToken } from "../config/copilot-tokens.ts";
import { restBaseUrl, webOrigin } from "../config/environment.ts";
import type { Finding } from "../core/doctor/finding.ts";
import { createAccountCheckup } from "../github/account-checkup.ts";
import { ACCESS, ACCOUNT, judgeAccess, judgeAccount, judgeExpiry } from "./account.ts";
import { judgeNoAccount, judgeSharing } from "./account.ts";
import { judgeSignOnRefusal, judgeTokenRefusal } from "./account.ts";
import { ofEachToken } from "./each-token.ts";
import type { Check } from "./examination.ts";
import { examine } from "./examination.ts";
import type { CheckOptions, CheckSubject } from "./options.ts";

/** The account of each token, and, when GitHub knows it, what it may do in the repository. */
export async function examineAccounts(
  options: CheckOptions,
  subject: CheckSubject,
): Promise<readonly Finding[]> {
  if (options.tokens.length === 0) return [judgeNoAccount()];
  return ofEachToken(options.tokens, (token) => examineAccount(token, options, subject));
}

async function examineAccount(
  { token, variable }: CopilotToken,
  { environment, conditions }: CheckOptions,
  subject: CheckSubject,
): Promise<readonly Finding[]> {
  const checkup = createAccountCheckup(token, restBaseUrl(environment));
  let refused = false;
  const account: Check = {
    what: ACCOUNT,
    async look() {
      try {
        const { login, tokenExpires } = await checkup.account();
        return [
          judgeAccount(login, variable),
          judgeSharing(login, environment.connecting !== null),
          judgeExpiry(tokenExpires, new Date(), variable),
        ];
      } catch (error) {
        const refusal = judgeTokenRefusal(error, variable);
        if (refusal === null) throw error;
        refused = true;
        return refusal;
      }
    },
  };
  const known = await examine(account, conditions);
  if (refused || subject === null) return known;
  const access: Check = {
    what: ACCESS,
    async look() {
      try {
        return judgeAccess(await checkup.access(subject), subject, webOrigin(environment));
      } catch (error) {
        const refusal = judgeSignOnRefusal(error, subject);
        if (refusal === null) throw error;
        return refusal;
      }
    },
  };
  return [...known, ...(await examine(access, conditions))];
}
