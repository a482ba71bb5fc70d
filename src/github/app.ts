import { Probot, ProbotOctokit } from "probot";
import type { Logger } from "pino";
import type { Measure } from "../ports/metrics.ts";
import { takeFreshToken } from "./fresh-token.ts";
import { measureRequests } from "./measured-requests.ts";
import { fetchWhereverItIs } from "./redirects.ts";
import { spansOfRequests } from "./request-spans.ts";
import type { Tracing } from "../ports/tracing.ts";
import { httpError } from "./trouble.ts";

/** A client of GitHub as the App in one installation. */
export type InstallationOctokit = Awaited<ReturnType<Probot["auth"]>>;

/** What is needed to be the App. */
export interface AppIdentity {
  readonly appId: number;
  readonly privateKey: string;
  /** REST base URL, e.g. `https://api.github.com` or `https://HOST/api/v3`. */
  readonly baseUrl: string;
  /** False only against a loopback GitHub, where GitHub's pacing rules do not hold. */
  readonly throttled?: boolean;
  /** For GitHub to answer a request, in milliseconds. */
  readonly requestMs?: number;
  /** Before a request that GitHub failed to answer is repeated, in milliseconds. */
  readonly requestAgainMs?: number;
  readonly measure?: Measure | undefined;
  /** Nothing is traced, unless it's given. */
  readonly tracing?: Pick<Tracing, "span"> | undefined;
}

/** The App on GitHub. */
export interface GitHubApp {
  readonly appId: number;
  /** The client as the App itself, for what belongs to no installation. */
  octokit(): Promise<InstallationOctokit>;
  /** The id of a repository's installation. Where it isn't given, GitHub is asked for it, once. */
  installationOf(repository: RepositoryOfInstallation): Promise<number>;
  /** The client for a repository. Without an installation id GitHub is asked for it, once. */
  octokitFor(repository: RepositoryOfInstallation): Promise<InstallationOctokit>;
  /**
   * The same for queries: without a pace. Octokit takes every query of GraphQL for a write, of
   * which it lets one a second pass.
   */
  questionsFor(repository: RepositoryOfInstallation): Promise<InstallationOctokit>;
}

interface RepositoryOfInstallation {
  readonly installationId: number | null;
  readonly repositoryId: number;
  readonly owner: string;
  readonly repository: string;
}

/** Connects Probot: installation tokens and the clients of each installation. */
export async function createGitHubApp(identity: AppIdentity, log: Logger): Promise<GitHubApp> {
  const { appId, privateKey, baseUrl, throttled = true } = identity;
  const { requestMs = TIME_LIMIT_MS, requestAgainMs = 1_000, measure, tracing } = identity;
  const retry = { doNotRetry: NOT_AGAIN, retryAfterBaseValue: requestAgainMs };
  const common = { baseUrl, log: withoutContent(log), request: { fetch: within(requestMs) } };
  const plugins = [refuseCutOffAnswers, passOnLimits, takeFreshToken];
  // Each wraps those before it.
  if (measure !== undefined) plugins.push(measureRequests(measure));
  if (tracing !== undefined) plugins.push(spansOfRequests(tracing));
  const Client = ProbotOctokit.plugin(...plugins);
  const Octokit = Client.defaults((options: { throttle?: object }) => ({
    ...options,
    // Among Probot's options is the id that gives each installation a pace of its own.
    throttle: throttled ? { ...options.throttle, ...PACED } : { enabled: false },
    retry,
  }));
  const probot = new Probot({ ...common, appId, privateKey, Octokit });
  await probot.ready();
  const clients = new Map<number, Promise<InstallationOctokit>>();
  const askers = new WeakMap<InstallationOctokit, InstallationOctokit>();
  const installations = new Map<number, { readonly id: Promise<number>; readonly until: number }>();

  /** Asked once in a while, and again after a refusal: an App can be reinstalled. */
  function installationOf(subject: RepositoryOfInstallation): Promise<number> {
    if (subject.installationId !== null) return Promise.resolve(subject.installationId);
    const known = installations.get(subject.repositoryId);
    if (known !== undefined && known.until > Date.now()) return known.id;
    const id = askInstallation(subject);
    installations.set(subject.repositoryId, { id, until: Date.now() + REMEMBERED_MS });
    id.catch(() => installations.delete(subject.repositoryId));
    return id;
  }

  async function askInstallation({ owner, repository: repo }: RepositoryOfInstallation) {
    const octokit = await probot.auth();
    const { data } = await octokit.rest.apps.getRepoInstallation({ owner, repo });
    return data.id;
  }

  async function octokitFor(subject: RepositoryOfInstallation): Promise<InstallationOctokit> {
    const id = await installationOf(subject);
    const client = clients.get(id) ?? probot.auth(id);
    clients.set(id, client);
    return client;
  }

  /** With the token of the other client. */
  function askerBeside({ auth }: InstallationOctokit): InstallationOctokit {
    const options = { throttle: { enabled: false }, retry };
    return new Client({ ...common, ...options, authStrategy: () => auth });
  }

  return {
    appId,
    octokit: () => probot.auth(),
    installationOf,
    octokitFor,
    async questionsFor(subject) {
      const client = await octokitFor(subject);
      const asker = askers.get(client) ?? askerBeside(client);
      askers.set(client, asker);
      return asker;
    },
  };
}

/** Pace the writes, but leave waiting for a rate limit to the task: it can wait without a process. */
const PACED = { enabled: true, onRateLimit: () => false, onSecondaryRateLimit: () => false };

/** How long the installation of a repository is taken as known. */
const REMEMBERED_MS = 600_000;

/** Node itself would wait five minutes. */
const TIME_LIMIT_MS = 30_000;

function within(milliseconds: number) {
  return (url: string, options: RequestInit): Promise<Response> =>
    fetchWhereverItIs(url, { ...options, signal: AbortSignal.timeout(milliseconds) });
}

/** Fetches, and gives up after a while. */
export const withinTimeLimit = within(TIME_LIMIT_MS);

/** What Octokit does not repeat by itself: its own list, and 429. */
const NOT_AGAIN = [400, 401, 403, 404, 410, 422, 429, 451];

/**
 * When the connection breaks in the middle of an answer, Octokit hands over what has arrived as text
 * and calls it a success. All that is asked here is answered with JSON.
 */
const refuseCutOffAnswers: OctokitPlugin = (octokit) => {
  octokit.hook.after("request", ({ data, status }) => {
    // Octokit takes a redirect that was not followed for a success.
    if (status >= 300) throw httpError(status, "GitHub says that this has moved");
    // 202 and 204 come without anything.
    if (typeof data !== "string" || status > 201) return;
    throw httpError(502, "GitHub's answer was cut off");
  });
};

/**
 * For a limit of GraphQL, which comes with status 200, Octokit's throttling has an error without a
 * status.
 */
const passOnLimits: OctokitPlugin = (octokit) => {
  octokit.hook.error("request", (error) => {
    if (error.message !== "GraphQL Rate Limit Exceeded") throw error;
    throw httpError(429, error.message, "response" in error ? error.response : undefined);
  });
};

type OctokitPlugin = Parameters<typeof ProbotOctokit.plugin>[0];

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
