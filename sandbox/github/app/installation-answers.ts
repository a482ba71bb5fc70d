import { asUser } from "../accounts.ts";
import { appToken } from "../actors.ts";
import type { Clock } from "../clock.ts";
import type { Emulator } from "../emulator.ts";
import { pageOf } from "../pages.ts";
import { locate, underRepository } from "../routes.ts";
import { app, installationId, organisation } from "../seed.ts";
import type { Account, Answer, Ask, Json } from "../shapes.ts";
import { failure, json, timestamp, trusted } from "../shapes.ts";
import type { State } from "../state.ts";
import type { Installation } from "./installation.ts";
import type { AppSettings } from "./settings.ts";

/** What an answer about the installation is made of. */
export interface InstallationParts {
  readonly clock: Clock;
  readonly emulator: Emulator;
  readonly installation: Installation;
  readonly settings: AppSettings;
  readonly state: State;
}

const hour = 3_600_000;
const elsewhere =
  "There is at least one repository that does not exist or is not accessible to the parent installation.";

/** Answers what is asked about the installation; undefined for other requests. */
export async function answerAboutInstallation(
  ask: Ask,
  parts: InstallationParts,
): Promise<Answer | undefined> {
  const { installation } = parts;
  const there = installation.now.status !== "deleted";
  if (ask.path === "/app/installations") {
    return pageOf(there ? [await describeInstallation(parts)] : [], ask);
  }
  if (ask.path === "/installation/repositories") {
    const repositories = await installation.repositories();
    const total_count = repositories.length;
    return json(200, {
      total_count,
      repository_selection: installation.now.selection,
      repositories,
    });
  }
  const found = await isAskedAbout(ask.path, installation);
  if (found !== undefined) {
    return found ? json(200, await describeInstallation(parts)) : failure(404, "Not Found");
  }
  const [, id] = /^\/app\/installations\/(\d+)\/access_tokens$/.exec(ask.path) ?? [];
  if (id === undefined || ask.method !== "POST") return undefined;
  return there && Number(id) === installation.now.id
    ? giveToken(ask, parts)
    : failure(404, "Not Found");
}

/** Whether the path asks for the installation, and if so, whether it finds it. */
async function isAskedAbout(
  path: string,
  installation: Installation,
): Promise<boolean | undefined> {
  const there = installation.now.status !== "deleted";
  const [, id] = /^\/app\/installations\/(\d+)$/.exec(path) ?? [];
  if (id !== undefined) return there && Number(id) === installation.now.id;
  const [, login] = /^\/orgs\/([^/]+)\/installation$/.exec(path) ?? [];
  if (login !== undefined) return there && login === organisation;
  const place = locate(underRepository("/installation"), path);
  return place && installation.covers(place);
}

/** The installation as the REST API and webhooks tell it. */
export async function describeInstallation(parts: InstallationParts): Promise<Json> {
  const { emulator, installation, settings, state } = parts;
  const { id, permissions, selection, suspendedAt, suspendedBy } = installation.now;
  const told = await emulator.ask({
    method: "GET",
    path: `/app/installations/${installationId}`,
    query: "",
    authorization: `Bearer ${appToken(emulator.privateKey)}`,
  });
  const base = trusted<Json & { readonly account: Account }>(told.body);
  const account = asUser((await state.organisation(base.account.login)) ?? base.account);
  const access_tokens_url = String(base["access_tokens_url"]).replace(`${installationId}`, `${id}`);
  const html_url = String(account["html_url"]).replace(
    `/${account.login}`,
    `/organizations/${account.login}/settings/installations/${id}`,
  );
  return {
    ...base,
    id,
    account,
    client_id: app.client_id,
    target_id: account.id,
    repository_selection: selection,
    access_tokens_url,
    html_url,
    permissions,
    events: settings.events,
    suspended_at: suspendedAt,
    suspended_by: suspendedBy,
  };
}

/** What the asker wants the token for. */
interface Wanted {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly repositories?: readonly string[];
  readonly repository_ids?: readonly number[];
}

async function giveToken(ask: Ask, parts: InstallationParts): Promise<Answer> {
  const { clock, emulator, installation } = parts;
  // GitHub tells of the suspension here, not to those who look for the installation.
  if (installation.now.status === "suspended")
    return failure(403, "This installation has been suspended");
  const wanted = trusted<Wanted>(ask.body ?? {});
  const repositories = await installation.repositories();
  const lost =
    wanted.repositories?.some((name) => !repositories.some((it) => it.name === name)) ??
    wanted.repository_ids?.some((id) => !repositories.some((it) => it.id === id));
  if (lost === true) return failure(422, elsewhere);
  const ungranted = Object.entries(wanted.permissions ?? {}).some(
    ([name, level]) => !grants(installation.now.permissions, [name], level),
  );
  if (ungranted) {
    return failure(422, "The permissions requested are not granted to this installation.");
  }
  const path = `/app/installations/${installationId}/access_tokens`;
  const { permissions = installation.now.permissions, ...body } = wanted;
  const answer = await emulator.ask({ ...ask, path, body });
  if (answer.status !== 201) return answer;
  const expires_at = timestamp(new Date(clock.now() + hour));
  return { ...answer, body: { ...trusted<Json>(answer.body), permissions, expires_at } };
}

/** Whether one of the permissions is granted, at least at this level. */
export function grants(
  granted: Readonly<Record<string, string>>,
  names: readonly string[],
  level: string,
): boolean {
  const levels = ["read", "write", "admin"];
  return names.some((name) => levels.indexOf(granted[name] ?? "") >= levels.indexOf(level));
}
