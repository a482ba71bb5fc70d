import { webOrigin } from "../config/environment.ts";
import type { Finding } from "../core/doctor/finding.ts";
import { POLICY_PATH } from "../core/policy/schema.ts";
import type { AppCheckup } from "../github/checkup.ts";
import type { AppFacts, InstallationFacts, RepositoryName } from "../github/app-facts.ts";
import { createPolicyFileSource } from "../github/policy-file-source.ts";
import type { Check } from "./examination.ts";
import { examine } from "./examination.ts";
import { DEFAULTS_READ, judgeDefaults, judgeInstallation, judgePolicy } from "./installation.ts";
import type { CheckOptions } from "./options.ts";
import type { IdentityChoice } from "../core/policy/identity-choice.ts";
import { PROVIDED_ACCOUNTS } from "../core/policy/identity-choice.ts";
import { DEFAULTS, filesToChange } from "./files-to-change.ts";
import { judgePlacements } from "./placement.ts";
import type { ReadTemplate } from "./repository-policy.ts";
import {
  examinedPolicy,
  judgeIdentities,
  judgeMissingBranch,
  judgeRepository,
  judgeRepositoryPolicy,
  judgeTemplates,
  REPOSITORY_POLICY,
} from "./repository-policy.ts";
import { judgeIpRefusal } from "./undelivered.ts";

interface InstalledOn {
  readonly checkup: AppCheckup;
  readonly app: AppFacts;
  readonly subject: RepositoryName;
}

/** The installation, and what can only be asked in its name. */
export async function examineInstallation(
  options: CheckOptions,
  { checkup, app, subject }: InstalledOn,
): Promise<readonly Finding[]> {
  const { conditions, environment } = options;
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
  if (defaults.some(({ what, level }) => what === DEFAULTS_READ && level === "failed"))
    return [...known, ...defaults];
  const policy = checkOfPolicy(options, { checkup, installation, subject });
  return [...known, ...defaults, ...(await examine(policy, conditions))];
}

/** What tasks of the repository begin under: whether they start, and where they run. */
function checkOfPolicy(
  { github, environment, tokens }: CheckOptions,
  {
    checkup,
    installation,
    subject,
  }: Pick<InstalledOn, "checkup" | "subject"> & { readonly installation: InstallationFacts },
): Check {
  const read: ReadTemplate = (of, path) => {
    const repository = of === "repository" ? subject.repository : DEFAULTS;
    return checkup.text(installation, { owner: subject.owner, repository }, path);
  };
  return {
    what: REPOSITORY_POLICY,
    async look() {
      const id = await checkup.repositoryId(installation, subject);
      const name = { id: id ?? 0, owner: subject.owner, name: subject.repository };
      const there = await createPolicyFileSource(github).find(name, installation.id);
      if (there === null) return [];
      const repository = judgeRepository(there, subject);
      const texts = {
        repository: there.policy.repository.file,
        organization: there.policy.organization?.file ?? null,
      };
      const judged = [...repository, ...judgeRepositoryPolicy(texts, subject)];
      const examined = examinedPolicy(texts);
      if (examined.type !== "policy") return judged;
      const { issues } = examined.policy.branches;
      const isMissing =
        issues !== null && !(await checkup.hasBranch(installation, subject, issues));
      const { connecting, selfHosting } = environment;
      const filesOf = filesToChange(examined.sources, subject);
      const has = (choice: IdentityChoice) =>
        choice === "requester"
          ? connecting !== null
          : tokens.some(({ variable }) => variable === PROVIDED_ACCOUNTS[choice].variable);
      return [
        ...judged,
        ...(isMissing ? [judgeMissingBranch(issues, subject, filesOf)] : []),
        ...judgeIdentities(examined.policy, has, filesOf),
        ...(await judgeTemplates(examined.policy, read)),
        ...judgePlacements(examined.policy, subject, selfHosting, filesOf),
      ];
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
    what: DEFAULTS_READ,
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
