import { copilotTokens } from "../config/copilot-tokens.ts";
import type { Finding } from "../core/doctor/finding.ts";
import { examineAccounts } from "./account-checks.ts";
import { examineApp } from "./app-checks.ts";
import { examineData } from "./data-checks.ts";
import type { CheckSubject, DoctorOptions } from "./options.ts";
import { examineSelfHosting } from "./self-hosting-checks.ts";
import { withoutSecrets } from "./secrets.ts";

/** Checks all that the bot needs, for a repository or (null) in general. Never rejects. */
export type Doctor = (subject: CheckSubject) => Promise<readonly Finding[]>;

const TIME_LIMIT_MS = 10_000;

/** A doctor who only reads: no session is created, nothing is charged, and nothing at GitHub changes. */
export function createDoctor(options: DoctorOptions): Doctor {
  const { environment, backend, audience, log, timeLimitMs = TIME_LIMIT_MS } = options;
  const { tokens = Object.values(copilotTokens(environment)) } = options;
  const all = { ...options, tokens, conditions: { audience, log, timeLimitMs } };
  const clean = withoutSecrets(environment);
  return async (subject) => {
    const groups = [
      examineApp(all, subject),
      examineAccounts(all, subject),
      backend.examine(all),
      examineData(all, subject),
      examineSelfHosting(all, subject),
    ];
    return (await Promise.all(groups)).flat().map(clean);
  };
}
