import type { Environment } from "../config/environment.ts";
import type { Finding } from "../core/doctor/finding.ts";
import type { AppCheckup } from "../github/checkup.ts";
import type { AppFacts, InstallationFacts } from "../github/app-facts.ts";
import type { MissingPermission } from "../ports/setup.ts";
import type { Conditions } from "./examination.ts";
import { quote, summary } from "./examination.ts";
import { pendingPermissions, installationProblems } from "./installation.ts";
import { examineDefaults } from "./installation-checks.ts";
import { withoutSecrets } from "./secrets.ts";

/** What is checked for an installation's administrators. */
export interface SetupSubject {
  readonly checkup: AppCheckup;
  readonly app: AppFacts;
  readonly installation: InstallationFacts;
}

const TIME_LIMIT_MS = 10_000;

/** The doctor's lines about an installation. Never rejects. */
export async function examineSetup(
  { checkup, app, installation }: SetupSubject,
  environment: Environment,
  log: Conditions["log"],
): Promise<readonly Finding[]> {
  const { account, repositories, suspended } = installation;
  const which = repositories === "all" ? "all repositories" : "selected repositories";
  const fine = `Installed on ${quote(account)} for ${which}.`;
  const known = summary("installation", installationProblems(installation, app), fine);
  // What people read here, everybody may who administers the account: that's as in a thread.
  const conditions = { audience: "thread", timeLimitMs: TIME_LIMIT_MS, log } as const;
  const defaults = suspended
    ? []
    : await examineDefaults({ checkup, installation, environment, conditions });
  return [known, ...defaults].map(withoutSecrets(environment));
}

/** What the App wants, and this installation hasn't granted. */
export function missingPermissions(
  installation: InstallationFacts,
  app: AppFacts,
): readonly MissingPermission[] {
  return pendingPermissions(installation, app).map(([name, wanted]) => {
    return { name, wanted, granted: installation.permissions[name] ?? null };
  });
}
