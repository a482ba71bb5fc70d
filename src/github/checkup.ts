import type { Octokit } from "@octokit/rest";
import type { GitHubApp } from "./app.ts";
import type {
  AppFacts,
  AppPermissions,
  DeliveryFacts,
  HookFacts,
  InstallationFacts,
  InstalledRepositories,
  RepositoryName,
} from "./app-facts.ts";
import { isRequestError, unlessMissing } from "./trouble.ts";

/** What the App can find out about itself. Every method rejects when GitHub does not answer as asked. */
export interface AppCheckup {
  app(): Promise<AppFacts>;
  /** How far this machine's clock is ahead of GitHub's, in milliseconds, to about a second. */
  clockAheadMs(): Promise<number>;
  hook(): Promise<HookFacts>;
  /** At most 100, newest first. */
  deliveries(): Promise<readonly DeliveryFacts[]>;
  /** All of them, up to 1,000. */
  installations(): Promise<readonly InstallationFacts[]>;
  /** Null when there is none with this id. */
  installation(id: number): Promise<InstallationFacts | null>;
  /** The first 30 repositories of an installation, and how many it has. */
  repositoriesOf(installation: InstallationFacts): Promise<InstalledRepositories>;
  /** Null when the App is not installed there. */
  installationOf(name: RepositoryName): Promise<InstallationFacts | null>;
  /** Whether an installation can read a repository. */
  sees(installation: InstallationFacts, name: RepositoryName): Promise<boolean>;
  /** A repository's id; null when an installation can't read it. */
  repositoryId(installation: InstallationFacts, name: RepositoryName): Promise<number | null>;
  /** Whether a repository has a branch of this name. */
  hasBranch(
    installation: InstallationFacts,
    name: RepositoryName,
    branch: string,
  ): Promise<boolean>;
  /** The text of a file on the default branch; null when there is none. */
  text(installation: InstallationFacts, name: RepositoryName, path: string): Promise<string | null>;
}

/** Somebody waits for the answer, and may ask again. */
const ONCE = { request: { retries: 0 } };

/** Requests in the name of the App; all of them only read. */
export function createAppCheckup(app: GitHubApp): AppCheckup {
  return {
    async app() {
      const { data } = await (await app.octokit()).rest.apps.getAuthenticated(ONCE);
      if (data === null) throw new TypeError("GitHub says nothing about the App");
      const { slug = null, client_id: clientId = null } = data;
      const { html_url: url, owner, permissions, events } = data;
      const named = "login" in owner ? { login: owner.login, type: owner.type } : null;
      return { slug, clientId, url, owner: named, permissions: levelsIn(permissions), events };
    },
    async clockAheadMs() {
      const octokit = await app.octokit();
      const before = Date.now();
      const date = await octokit.rest.apps.getAuthenticated(ONCE).then(dateOf, dateOfRefusal);
      // GitHub cuts its time down to whole seconds.
      return (before + Date.now()) / 2 - (Date.parse(date) + 500);
    },
    async hook() {
      return hookFrom((await (await app.octokit()).rest.apps.getWebhookConfigForApp(ONCE)).data);
    },
    async deliveries() {
      const octokit = await app.octokit();
      const page = { ...ONCE, per_page: 100 };
      const { data } = await octokit.rest.apps.listWebhookDeliveries(page);
      return data.map(({ guid, delivered_at: at, status_code: status, event, action }) => {
        const name = action === null ? event : `${event}.${action}`;
        return { deliveryId: guid, at, status, event: name };
      });
    },
    installations: () => installationsOf(app),
    async installationOf({ owner, repository: repo }) {
      const octokit = await app.octokit();
      const answer = octokit.rest.apps.getRepoInstallation({ ...ONCE, owner, repo });
      const found = await unlessMissing(answer);
      return found === null ? null : installationFrom(found.data);
    },
    async installation(installation_id) {
      const octokit = await app.octokit();
      const answer = octokit.rest.apps.getInstallation({ ...ONCE, installation_id });
      const found = await unlessMissing(answer);
      return found === null ? null : installationFrom(found.data);
    },
    repositoriesOf: (installation) => repositoriesOf(app, installation),
    sees: async (installation, name) => (await idOf(app, installation, name)) !== null,
    repositoryId: (installation, name) => idOf(app, installation, name),
    async hasBranch({ id }, name, branch) {
      const octokit = await app.octokitFor({ ...name, installationId: id, repositoryId: 0 });
      const { owner, repository: repo } = name;
      const answer = octokit.rest.repos.getBranch({ ...ONCE, owner, repo, branch });
      return (await unlessMissing(answer)) !== null;
    },
    text: (installation, name, path) => textOf(app, installation, name, path),
  };
}

const MAX_REPOSITORIES = 30;

async function repositoriesOf(
  app: GitHubApp,
  { id, account }: InstallationFacts,
): Promise<InstalledRepositories> {
  const place = { owner: account, repository: "", repositoryId: 0, installationId: id };
  const octokit = await app.octokitFor(place);
  const asked = { ...ONCE, per_page: MAX_REPOSITORIES };
  const { data } = await octokit.rest.apps.listReposAccessibleToInstallation(asked);
  const repositories = data.repositories.map(({ id: repositoryId, name, owner }) => {
    return { id: repositoryId, owner: owner.login, name };
  });
  return { repositories, count: data.total_count };
}

async function installationsOf(app: GitHubApp): Promise<readonly InstallationFacts[]> {
  const octokit = await app.octokit();
  const found: InstallationFacts[] = [];
  const asked = { ...ONCE, per_page: 100 };
  for await (const page of octokit.paginate.iterator(octokit.rest.apps.listInstallations, asked)) {
    found.push(...page.data.map(installationFrom));
    if (found.length >= MAX_INSTALLATIONS) break;
  }
  return found;
}

async function idOf(
  app: GitHubApp,
  { id }: InstallationFacts,
  name: RepositoryName,
): Promise<number | null> {
  const octokit = await app.octokitFor({ ...name, installationId: id, repositoryId: 0 });
  const { owner, repository: repo } = name;
  const found = await unlessMissing(octokit.rest.repos.get({ ...ONCE, owner, repo }));
  return found?.data.id ?? null;
}

async function textOf(
  app: GitHubApp,
  { id }: InstallationFacts,
  name: RepositoryName,
  path: string,
): Promise<string | null> {
  const octokit = await app.octokitFor({ ...name, installationId: id, repositoryId: 0 });
  const { owner, repository: repo } = name;
  const answer = octokit.rest.repos.getContent({ ...ONCE, owner, repo, path });
  const data = (await unlessMissing(answer))?.data;
  if (data === undefined || Array.isArray(data) || !("content" in data)) return null;
  return Buffer.from(data.content, "base64").toString("utf8");
}

const MAX_INSTALLATIONS = 1_000;

interface Dated {
  readonly headers?: Readonly<Record<string, unknown>>;
}

function dateOf({ headers }: Dated): string {
  const date = headers?.["date"];
  if (typeof date === "string") return date;
  throw new TypeError("GitHub's answer has no date");
}

/** A refusal has a date too, and a wrong clock is a reason to be refused. */
function dateOfRefusal(error: unknown): string {
  if (isRequestError(error) && error.response !== undefined) return dateOf(error.response);
  throw error;
}

type AppMethods = Octokit["rest"]["apps"];
type Hook = Awaited<ReturnType<AppMethods["getWebhookConfigForApp"]>>["data"];

function hookFrom({ url = "", content_type, insecure_ssl = "0", secret = "" }: Hook): HookFacts {
  return {
    url: url === "" ? null : url,
    contentType: content_type ?? null,
    verifiesCertificates: String(insecure_ssl) === "0",
    hasSecret: secret !== "",
  };
}

type Installation = Awaited<ReturnType<AppMethods["getRepoInstallation"]>>["data"];

function installationFrom(installation: Installation): InstallationFacts {
  const { id, account, html_url: url, repository_selection: repositories } = installation;
  const login = account !== null && "login" in account ? account.login : account?.slug;
  return {
    id,
    account: login ?? "ghost",
    isOrganization: installation.target_type !== "User",
    url,
    repositories,
    suspended: (installation.suspended_at ?? null) !== null,
    permissions: levelsIn(installation.permissions),
  };
}

function levelsIn(permissions: object): AppPermissions {
  const levels = Object.entries(permissions).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return Object.fromEntries(levels);
}
