import { webOrigin } from "../config/environment.ts";
import type { Finding } from "../core/doctor/finding.ts";
import { POLICY_PATH } from "../core/policy/schema.ts";
import type { SelfHosting } from "../core/policy/self-hosting.ts";
import type { AppCheckup, AppFacts, InstallationFacts, RepositoryName } from "../github/checkup.ts";
import type { Check } from "./examination.ts";
import { examine } from "./examination.ts";
import { DEFAULTS, judgeDefaults, judgeInstallation, judgePolicy } from "./installation.ts";
import type { CheckOptions } from "./options.ts";
import { judgePlacements, OWN_MACHINES } from "./placement.ts";
import { judgeIpRefusal } from "./undelivered.ts";

interface InstalledOn {
  readonly checkup: AppCheckup;
  readonly app: AppFacts;
  readonly subject: RepositoryName;
}

/** The installation, and what can only be asked in its name. */
export async function examineInstallation(
  { conditions, environment }: CheckOptions,
  { checkup, app, subject }: InstalledOn,
): Promise<readonly Finding[]> {
  let installation: InstallationFacts | null | undefined;
  const first: Check = {
    what: "installation",
    async look() {
      installation = await checkup.installationOf(subject);
      return judgeInstallation(installation, app, subject);
    },
  };
  const known = await examine(first, conditions);
  if (!installation || installation.suspended) return known;
  const defaults = await examineDefaults({ checkup, installation, environment, conditions });
  // What refuses the defaults refuses all else, too.
  if (defaults.some(({ level }) => level === "failed")) return [...known, ...defaults];
  const { selfHosting } = environment;
  const places = checkOfPlacements({ checkup, installation, subject, selfHosting });
  return [...known, ...defaults, ...(await examine(places, conditions))];
}

/** Where the policy wants tasks to run. */
function checkOfPlacements({
  checkup,
  installation,
  subject,
  selfHosting,
}: Pick<InstalledOn, "checkup" | "subject"> & {
  readonly installation: InstallationFacts;
  readonly selfHosting: SelfHosting | null;
}): Check {
  const textIn = (repository: string) =>
    checkup.text(installation, { owner: subject.owner, repository }, POLICY_PATH);
  return {
    what: OWN_MACHINES,
    async look() {
      const [repository, organization] = await Promise.all([
        textIn(subject.repository),
        textIn(DEFAULTS),
      ]);
      return judgePlacements({ repository, organization }, subject, selfHosting);
    },
  };
}

/** What all repositories of an installation's account share. */
export function examineDefaults({
  checkup,
  installation,
  environment,
  conditions,
}: Pick<CheckOptions, "environment" | "conditions"> & {
  readonly checkup: AppCheckup;
  readonly installation: InstallationFacts;
}): Promise<readonly Finding[]> {
  return examine(checkOfDefaults(checkup, installation, webOrigin(environment)), conditions);
}

/** The first thing that is asked in the installation's name: an IP allow list refuses this and all else. */
function checkOfDefaults(
  checkup: AppCheckup,
  installation: InstallationFacts,
  origin: string,
): Check {
  const { account } = installation;
  const name = { owner: account, repository: DEFAULTS };
  return {
    what: "organization defaults",
    async look() {
      try {
        const seen = await checkup.sees(installation, name);
        const defaults = judgeDefaults(seen, installation);
        const text = seen ? await checkup.text(installation, name, POLICY_PATH) : null;
        return text === null ? defaults : [defaults, ...judgePolicy(text, installation)];
      } catch (error) {
        const refusal = judgeIpRefusal(error, account, origin);
        if (refusal === null) throw error;
        return refusal;
      }
    },
  };
}
