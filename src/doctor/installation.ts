import type { Finding } from "../core/finding.ts";
import type { AppFacts, InstallationFacts, RepositoryName } from "../github/checkup.ts";
import { includes } from "./app.ts";
import type { Problem } from "./examination.ts";
import { failed, ok, quote, summary, warning } from "./examination.ts";
import { at } from "./places.ts";

/** The installation that a repository belongs to; null when there is none. */
export function judgeInstallation(
  installation: InstallationFacts | null,
  app: AppFacts,
  { owner, repository }: RepositoryName,
): Finding {
  const what = "installation";
  if (installation === null) {
    const found = `The App is not installed on ${quote(`${owner}/${repository}`)}.`;
    const cure = `An owner of ${quote(owner)} installs it, or adds this repository to its installation${at(`${app.url}/installations/new`)}.`;
    return failed(what, found, cure);
  }
  const { account, repositories } = installation;
  const which = repositories === "all" ? "all repositories" : "selected repositories, also this";
  return summary(what, problemsOf(installation, app), `On ${quote(account)}, for ${which}.`);
}

/** All installations: one finding about their number, and one about each with which something is wrong. */
export function judgeInstallations(
  installations: readonly InstallationFacts[],
  app: AppFacts,
): readonly Finding[] {
  const what = "installations";
  if (installations.length === 0) {
    const cure = `Whoever administers repositories installs it on them${at(`${app.url}/installations/new`)}.`;
    return [warning(what, "The App is installed nowhere.", cure)];
  }
  const accounts = installations.slice(0, MOST_SHOWN).map(({ account }) => quote(account));
  const more = installations.length - accounts.length;
  const listed = `${accounts.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  const troubled = installations.map((installation) => {
    const problems = problemsOf(installation, app);
    return summary(`installation on ${quote(installation.account)}`, problems, "");
  });
  return [
    ok(what, `${installations.length}: ${listed}.`),
    ...troubled.filter(({ level }) => level !== "ok"),
  ];
}

const MOST_SHOWN = 20;

function problemsOf(installation: InstallationFacts, app: AppFacts): Problem[] {
  const { account, suspended, url } = installation;
  const problems: Problem[] = [];
  if (suspended) {
    const found = `The installation on ${quote(account)} is suspended: the bot can do nothing there.`;
    const cure = `An owner of ${quote(account)} unsuspends it${at(url)}.`;
    problems.push({ level: "failed", found, cure });
  }
  const pending = Object.entries(app.permissions).filter(
    ([name, level]) =>
      !includes(installation.permissions[name], level) && concerns(name, installation),
  );
  if (pending.length > 0) {
    const listed = pending.map(([name, level]) => quote(`${name}: ${level}`)).join(", ");
    const found = `${quote(account)} has not accepted what the App asks for now: ${listed}.`;
    const cure = `An owner of ${quote(account)} must accept the new permissions${at(url)}.`;
    problems.push({ level: "warning", found, cure });
  }
  return problems;
}

/** A person's account has no members, and nothing else that organisations have. */
function concerns(permission: string, { isOrganisation }: InstallationFacts): boolean {
  return isOrganisation || !/^(?:members$|organization_)/u.test(permission);
}

/** Where the defaults of all repositories of an owner are kept. */
export const DEFAULTS = ".github";

/** Whether the repository with the organisation's defaults can be read. */
export function judgeDefaults(
  seen: boolean,
  { account, repositories, url }: InstallationFacts,
): Finding {
  const what = "defaults of the organisation";
  const name = quote(`${account}/${DEFAULTS}`);
  if (seen) return ok(what, `${name} is visible to the App: defaults in it are read.`);
  // What the App sees is all there is.
  if (repositories === "all") return ok(what, `There is no ${name}, so there are none.`);
  return warning(
    what,
    `${name} is not visible to the App: the organisation's defaults, if there are any, are not read.`,
    `If there are any, an owner of ${quote(account)} adds that repository to those the App is installed on${at(url)}.`,
  );
}
