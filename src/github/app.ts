import { Probot, ProbotOctokit } from "probot";
import type { Logger } from "pino";

/** A client of GitHub as the App in one installation. */
export type InstallationOctokit = Awaited<ReturnType<Probot["auth"]>>;

/** What is needed to be the App. */
export interface AppIdentity {
  readonly appId: number;
  readonly privateKey: string;
  readonly webhookSecret: string;
  /** REST base URL, e.g. `https://api.github.com` or `https://HOST/api/v3`. */
  readonly baseUrl: string;
  /** False only against a loopback GitHub, where GitHub's pacing rules do not hold. */
  readonly throttled?: boolean;
}

/** The App on GitHub. */
export interface GitHubApp {
  readonly appId: number;
  readonly webhooks: Probot["webhooks"];
  /** The client as the App itself, for what belongs to no installation. */
  octokit(): Promise<InstallationOctokit>;
  /** The client for a repository. Without an installation id GitHub is asked for it, once. */
  octokitFor(repository: RepositoryOfInstallation): Promise<InstallationOctokit>;
}

interface RepositoryOfInstallation {
  readonly installationId: number | null;
  readonly repositoryId: number;
  readonly owner: string;
  readonly repository: string;
}

/** Connects Probot: signatures, installation tokens and the clients of each installation. */
export async function createGitHubApp(identity: AppIdentity, log: Logger): Promise<GitHubApp> {
  const { appId, privateKey, webhookSecret, baseUrl, throttled = true } = identity;
  const probot = new Probot({
    appId,
    privateKey,
    secret: webhookSecret,
    baseUrl,
    log: withoutContent(log),
    Octokit: ProbotOctokit.defaults((options: object) => ({
      ...options,
      throttle: throttled ? PACED : { enabled: false },
    })),
  });
  await probot.ready();
  const clients = new Map<number, Promise<InstallationOctokit>>();
  const installations = new Map<number, number>();

  async function installationOf(subject: RepositoryOfInstallation): Promise<number> {
    const known = subject.installationId ?? installations.get(subject.repositoryId);
    if (known !== undefined) return known;
    const octokit = await probot.auth();
    const { owner, repository: repo } = subject;
    const { data } = await octokit.rest.apps.getRepoInstallation({ owner, repo });
    installations.set(subject.repositoryId, data.id);
    return data.id;
  }

  return {
    appId,
    webhooks: probot.webhooks,
    octokit: () => probot.auth(),
    async octokitFor(subject) {
      const id = await installationOf(subject);
      const client = clients.get(id) ?? probot.auth(id);
      clients.set(id, client);
      return client;
    },
  };
}

/** Pace the writes, but leave waiting for a rate limit to the task: it can wait without a process. */
const PACED = { enabled: true, onRateLimit: () => false, onSecondaryRateLimit: () => false };

/**
 * Probot logs request bodies and, with an error, the whole webhook. What people wrote, signatures and
 * tokens do not belong in a log: of its fields only the harmless ones are kept.
 */
function withoutContent(log: Logger): Logger {
  return log.child(
    { part: "probot" },
    {
      formatters: {
        log(fields) {
          const { err, msg } = fields as { err?: unknown; msg?: unknown };
          const { status } = (err ?? {}) as { status?: unknown };
          return {
            ...(msg === undefined ? {} : { msg }),
            ...(status === undefined ? {} : { status }),
          };
        },
      },
    },
  );
}
