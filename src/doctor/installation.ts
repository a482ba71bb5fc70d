import type { Finding } from "../core/doctor/finding.ts";
import { gapsIn } from "../core/policy/gaps.ts";
import { readPolicyFile } from "../core/policy/read.ts";
import { sentenceOn } from "../core/policy/renamed.ts";
import { DEFAULTS } from "./files-to-change.ts";
import { POLICY_PATH } from "../core/policy/schema.ts";
import type { AppFacts, InstallationFacts, RepositoryName } from "../github/app-facts.ts";
import { includesLevel } from "../core/github/ungranted-permission.ts";
import type { DoctorProblem } from "./examination.ts";
import { failed, ok, quote, summary, warning } from "./examination.ts";
import { wrongFile } from "./repository-policy.ts";
import { at } from "./places.ts";

/** The installation that a repository belongs to; null when there is none. */
export function judgeInstallation(
  installation: InstallationFacts | null,
  app: AppFacts,
  { owner, repository }: RepositoryName,
): Finding {
  const what = "installation";
  if (installation === null) {
    const found = `The App isn't installed on ${quote(`${owner}/${repository}`)}.`;
    const cure = `An owner of ${quote(owner)} can install it, or add this repository to the installation${at(`${app.url}/installations/new`)}.`;
    return failed(what, found, cure);
  }
  const { account, repositories } = installation;
  const which =
    repositories === "all" ? "all repositories" : "selected repositories, including this one";
  return summary(
    what,
    installationProblems(installation, app),
    `Installed on ${quote(account)} for ${which}.`,
  );
}

/** All installations: one finding about their number, and one about each with which something is wrong. */
export function judgeInstallations(
  installations: readonly InstallationFacts[],
  app: AppFacts,
): readonly Finding[] {
  const what = "installations";
  if (installations.length === 0) {
    const cure = `Install it on your repositories${at(`${app.url}/installations/new`)}.`;
    return [warning(what, "The App isn't installed anywhere.", cure)];
  }
  const accounts = installations.slice(0, MAX_SHOWN).map(({ account }) => quote(account));
  const more = installations.length - accounts.length;
  const listed = `${accounts.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  const troubled = installations.map((installation) => {
    const problems = installationProblems(installation, app);
    return summary(`installation on ${quote(installation.account)}`, problems, "");
  });
  return [
    ok(what, `${installations.length}: ${listed}.`),
    ...troubled.filter(({ level }) => level !== "ok"),
  ];
}

const MAX_SHOWN = 20;

/** What is wrong with an installation itself. */
export function installationProblems(
  installation: InstallationFacts,
  app: AppFacts,
): DoctorProblem[] {
  const { account, suspended, url } = installation;
  const problems: DoctorProblem[] = [];
  if (suspended) {
    const found = `The installation on ${quote(account)} is suspended, so the bot can't do anything there.`;
    const cure = `An owner of ${quote(account)} can unsuspend it${at(url)}.`;
    problems.push({ level: "failed", found, cure });
  }
  const pending = pendingPermissions(installation, app);
  if (pending.length > 0) {
    const listed = pending.map(([name, level]) => quote(`${name}: ${level}`)).join(", ");
    const found = `${quote(account)} hasn't accepted new permissions: ${listed}.`;
    const cure = `An owner of ${quote(account)} can accept them${at(url)}.`;
    problems.push({ level: "warning", found, cure });
  }
  return problems;
}

/** What the App asks for, and this installation hasn't accepted: levels by the permission's name. */
export function pendingPermissions(
  installation: InstallationFacts,
  app: AppFacts,
): readonly (readonly [name: string, level: string])[] {
  return Object.entries(app.permissions).filter(
    ([name, level]) =>
      !includesLevel(installation.permissions[name], level) && concerns(name, installation),
  );
}

/** A person's account has no members, and nothing else that organizations have. */
function concerns(permission: string, { isOrganization }: InstallationFacts): boolean {
  return isOrganization || !/^(?:members$|organization_)/u.test(permission);
}

/** What the finding about them is called. */
export const DEFAULTS_READ = "organization defaults";

/** Whether the repository with the organization's defaults can be read. */
export function judgeDefaults(
  seen: boolean,
  { account, repositories, url }: InstallationFacts,
): Finding {
  const what = DEFAULTS_READ;
  const name = quote(`${account}/${DEFAULTS}`);
  if (seen) return ok(what, `The App can read ${name}.`);
  // What the App sees is all there is.
  if (repositories === "all") return ok(what, `None: there's no ${name}.`);
  return warning(
    what,
    `The App can't see ${name}, so the organization's defaults, if any, aren't used.`,
    `To use them, an owner of ${quote(account)} can add that repository to the App's installation${at(url)}.`,
  );
}

/** What is wrong with the organization's policy file, and what it enforces less than it seems to. */
export function judgePolicy(text: string, { account }: InstallationFacts): readonly Finding[] {
  const what = "organization policy";
  const file = quote(`${account}/${DEFAULTS}/${POLICY_PATH}`);
  const read = readPolicyFile(text, "organization");
  if (read.type === "problems") {
    return [wrongFile(what, `${account}/${DEFAULTS}/${POLICY_PATH}`, read.problems)];
  }
  const old = read.file.deprecations.map((deprecation) => sentenceOn(deprecation, "organization"));
  return [...gapsIn(read.file.settings), ...old].map((found) =>
    warning(what, found, `Edit ${file}.`),
  );
}
