import { restBaseUrl, webOrigin } from "../config/environment.ts";
import type { Finding } from "../core/doctor/finding.ts";
import { createAccountCheckup } from "../github/checkup.ts";
import { ACCESS, ACCOUNT, judgeAccess, judgeAccount, judgeExpiry } from "./account.ts";
import { judgeSignOnRefusal, judgeTokenRefusal } from "./account.ts";
import type { Check } from "./examination.ts";
import { examine } from "./examination.ts";
import type { CheckOptions, CheckSubject } from "./options.ts";

/** The account, and, when GitHub knows it, what it may do in the repository. */
export async function examineAccount(
  { environment, conditions }: CheckOptions,
  subject: CheckSubject,
): Promise<readonly Finding[]> {
  const checkup = createAccountCheckup(environment.COPILOT_GITHUB_TOKEN, restBaseUrl(environment));
  let refused = false;
  const account: Check = {
    what: ACCOUNT,
    async look() {
      try {
        const { login, tokenExpires } = await checkup.account();
        return [judgeAccount(login), judgeExpiry(tokenExpires, new Date())];
      } catch (error) {
        const refusal = judgeTokenRefusal(error);
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
