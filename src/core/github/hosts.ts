/** The pages that show sessions. */
export interface SessionPages {
  /** The address of a session, before its id. */
  readonly beforeId: string;
  /** The list of an account's sessions. */
  readonly list: string;
}

/**
 * The addresses of one GitHub and of the Copilot that belongs to it. Nothing else in `src` names a host
 * of GitHub's.
 */
export interface GitHubHosts {
  /** github.com, GitHub Enterprise Cloud with data residency, or a GitHub Enterprise Server. */
  readonly kind: "cloud" | "residency" | "server";
  /** Where people see GitHub: an origin, e.g. `https://github.com`. */
  readonly web: string;
  /** Base URL of the REST API; GraphQL is beside it. */
  readonly rest: string;
  readonly sessions: SessionPages;
  /** Where the bot's own pages are, as an origin; null where it has none. */
  readonly publicUrl: string | null;
  /** The bot's own page on which people connect their Copilot; null where they can't. */
  readonly connect: string | null;
  /** Origins that a comment may link to because a session said so. */
  readonly linkOrigins: readonly string[];
  /** Origin of the pages where a Copilot account's own settings are. */
  readonly accountPages: string;
  /** The GitHub that Copilot accounts belong to, as an origin. An Enterprise Server has no Copilot of its own. */
  readonly accounts: string;
  /** Base URL under which the runtime looks an account up, where no variable says otherwise. */
  readonly accountApi: string;
  /** Base URL of the Copilot API, where neither a variable nor the account names another. */
  readonly copilotApi: string;
}

/** What decides about the addresses; the names are those of the environment variables. */
export interface HostSettings {
  /** Host of a GitHub Enterprise Server, or `SUBDOMAIN.ghe.com`, in lower case. */
  readonly GHE_HOST?: string | undefined;
  readonly GHE_PROTOCOL: "https" | "http";
  /** `github.com` or `SUBDOMAIN.ghe.com`. */
  readonly COPILOT_GH_HOST?: string | undefined;
  readonly COPILOT_MC_FRONTEND_URL?: string | undefined;
  /** `publicUrl`: where people reach the bot to connect their Copilot, as an origin; null where they can't. */
  readonly connecting?: { readonly publicUrl: string } | null;
  /** More hosts, with a port where it isn't the usual one. */
  readonly LINK_HOSTS?: readonly string[] | undefined;
}

const CLOUD = "github.com";
const RESIDENCY = ".ghe.com";
/** Where the runtime goes when an account names no other endpoint (seen on 1.0.80). */
const COPILOT_API = "https://api.githubcopilot.com";

/** Shows outages of github.com and GHE.com. */
export const STATUS_PAGE = "https://www.githubstatus.com";
/** GitHub's documentation. */
export const DOCS = "https://docs.github.com";

/** The addresses of the GitHub that is configured. */
export function hostsOf(settings: HostSettings): GitHubHosts {
  const { GHE_HOST = CLOUD, GHE_PROTOCOL, COPILOT_GH_HOST } = settings;
  const { COPILOT_MC_FRONTEND_URL, LINK_HOSTS = [], connecting = null } = settings;
  const kind = kindOf(GHE_HOST);
  const web = kind === "cloud" ? `https://${CLOUD}` : `${GHE_PROTOCOL}://${GHE_HOST}`;
  const copilot = kind === "residency" ? GHE_HOST : COPILOT_GH_HOST;
  const accounts = `https://${copilot ?? CLOUD}`;
  const accountPages = copilot === undefined ? web : accounts;
  const sessions = copilotPages(COPILOT_MC_FRONTEND_URL ?? accountPages);
  const more = LINK_HOSTS.map((host) => new URL(`https://${host}`).origin);
  return {
    kind,
    web,
    // https://docs.github.com/enterprise-cloud@latest/admin/data-residency/about-github-enterprise-cloud-with-data-residency#api-access
    rest: kind === "server" ? `${web}/api/v3` : `https://api.${new URL(web).host}`,
    sessions,
    publicUrl: connecting?.publicUrl ?? null,
    connect: connecting === null ? null : `${connecting.publicUrl}/connect`,
    linkOrigins: [...new Set([web, new URL(sessions.list).origin, `https://${CLOUD}`, ...more])],
    accountPages,
    accounts,
    accountApi: `https://api.${new URL(accounts).host}`,
    copilotApi: COPILOT_API,
  };
}

/** Where Copilot's own pages are: the pattern that the SDK's documentation gives. */
function copilotPages(origin: string): SessionPages {
  return { beforeId: `${origin}/copilot/tasks/`, list: `${origin}/copilot/agents` };
}

/** The addresses where sessions are shown on these pages. */
export function withPages(hosts: GitHubHosts, sessions: SessionPages): GitHubHosts {
  const origins = [sessions.beforeId, sessions.list].map((address) => new URL(address).origin);
  return {
    ...hosts,
    sessions,
    linkOrigins: [...new Set([...hosts.linkOrigins, ...origins])],
  };
}

/** github.com, where nothing is configured. */
export const GITHUB_COM = hostsOf({ GHE_PROTOCOL: "https" });

function kindOf(host: string): GitHubHosts["kind"] {
  if (host === CLOUD) return "cloud";
  return host.endsWith(RESIDENCY) ? "residency" : "server";
}

/**
 * Why a host can't be `GHE_HOST`, in a sentence that goes behind the variable's name; null for one that can.
 *
 * Data residency gives each enterprise one subdomain of GHE.com, over HTTPS alone; services such as the
 * API have subdomains of that.
 */
export function problemOfHost(host: string, protocol: string): string | null {
  const [name = "", port] = host.split(":");
  if (name.endsWith(".")) return "must not end with a dot";
  const isCloud = name === CLOUD || name.endsWith(`.${CLOUD}`);
  if (isCloud && host !== CLOUD) {
    return `must not be part of ${CLOUD}. Leave it empty to use ${CLOUD}`;
  }
  if (name !== RESIDENCY.slice(1) && !name.endsWith(RESIDENCY)) return null;
  const enterprise = /(?:^|\.)(?<subdomain>[a-z0-9-]+)\.ghe\.com$/u.exec(name)?.groups;
  if (enterprise === undefined) {
    return "must include your enterprise's subdomain, like octocorp.ghe.com";
  }
  const whole = `${enterprise["subdomain"]}${RESIDENCY}`;
  if (name !== whole) {
    return `must be the address where people use GitHub, ${whole}, not one of its services. The bot finds the API itself`;
  }
  if (port !== undefined) return `must not have a port: use ${whole}`;
  if (protocol !== "https") return "is on GHE.com, which needs HTTPS: set GHE_PROTOCOL to https";
  return null;
}

/** What is wrong with hosts that have the form of a host; each a sentence that begins with the variable. */
export function problemsOfHosts(settings: HostSettings): readonly string[] {
  const { GHE_HOST, GHE_PROTOCOL, COPILOT_GH_HOST } = settings;
  const problem = GHE_HOST === undefined ? null : problemOfHost(GHE_HOST, GHE_PROTOCOL);
  if (problem !== null) return [`GHE_HOST ${problem}`];
  if (COPILOT_GH_HOST === undefined) return [];
  const { kind, web } = hostsOf({ ...settings, COPILOT_GH_HOST: undefined });
  const own = new URL(web).host;
  // A session is asked for by the repository's name, which may be somebody else's on another GitHub.
  if (kind !== "server" && COPILOT_GH_HOST !== own) {
    return [
      `COPILOT_GH_HOST must be ${own}, where your repositories are. Leave it empty to use that`,
    ];
  }
  const wrong = problemOfHost(COPILOT_GH_HOST, "https");
  if (wrong !== null) return [`COPILOT_GH_HOST ${wrong}`];
  if (kindOf(COPILOT_GH_HOST) !== "server") return [];
  return [
    `COPILOT_GH_HOST must be ${CLOUD} or your enterprise's subdomain of GHE.com, where Copilot accounts are`,
  ];
}

/** The host of Copilot accounts as the runtime must be given it; undefined where it needs none. */
export function copilotHostOf(settings: HostSettings): string | undefined {
  const { GHE_HOST, COPILOT_GH_HOST } = settings;
  return hostsOf(settings).kind === "residency" ? GHE_HOST : COPILOT_GH_HOST;
}
