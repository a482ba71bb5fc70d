import type { Finding } from "../../src/core/doctor/finding.ts";
import { GITHUB_COM } from "../../src/core/github/hosts.ts";
import type { HealthCheck } from "../../src/ports/administration.ts";
import type { RepositoryPolicy } from "../../src/ports/policies-in-force.ts";
import type { Overview, RepositoryFigures } from "../../src/ports/task-lists.ts";
import type { AdminPageView } from "../../src/web/pages/admin-page.ts";
import type { RepositoryPageView } from "../../src/web/pages/repository-page.ts";
import type { SetupPageView } from "../../src/web/pages/setup-page.ts";
import { fileOf, merged } from "../core/policy/files.ts";
import { KEY, VIEWER } from "./site-world.ts";
import { PUBLIC_URL } from "./world.ts";

const ADMIN = { ...VIEWER, isAdmin: true } as const;

const NO_FIGURES: RepositoryFigures = {
  running: 0,
  starting: 0,
  waitingForPlace: 0,
  limits: [],
  failures: [],
};

export const FIGURES: RepositoryFigures = {
  running: 2,
  starting: 0,
  waitingForPlace: 3,
  limits: [
    { scope: "requester", per: "hour", used: 3 },
    { scope: "requester", per: "day", used: 7 },
    { scope: "repository", per: "hour", used: 12 },
    { scope: "repository", per: "day", used: 40 },
    { scope: "organization", per: "hour", used: 30 },
    { scope: "organization", per: "day", used: 151 },
  ],
  failures: [
    {
      code: "policy_blocked",
      count: 3,
      lastAt: "2026-11-21T11:00:00.000Z",
      lastTaskId: "0b4f9bd6-1f0c-4b3a-9a43-2f8d3c0c5a11",
    },
    {
      code: "start_timed_out",
      count: 1,
      lastAt: "2026-11-20T11:00:00.000Z",
      lastTaskId: "1b4f9bd6-1f0c-4b3a-9a43-2f8d3c0c5a11",
    },
  ],
};

const FILE_URL =
  "https://github.com/octo-org/hello/blob/0123456789abcdef/.github/copilot-tasks.yml";

function shownFile(text: string, of: "organization" | "repository", url: string) {
  return text === "" ? null : { url, commit: "0123456789abcdef", file: fileOf(text, of) };
}

/** What two policy files make together, as a page shows it; an empty one isn't there. */
export function readingOf(
  organization: string,
  repository: string,
): Extract<RepositoryPageView["reading"], { readonly type: "policy" }> {
  const { policy, sources, gaps, deprecations } = merged(organization, repository);
  return {
    type: "policy",
    policy,
    sources,
    gaps,
    deprecations,
    isOrganizationVisible: true,
    files: {
      organization: shownFile(organization, "organization", FILE_URL.replace("hello", ".github")),
      repository: shownFile(repository, "repository", FILE_URL),
    },
  };
}

/** A repository with a policy file, or without one. */
export function policyThere(file: string | null): RepositoryPolicy {
  const reading = readingOf("", file ?? "");
  return { defaultBranch: "main", hasFile: file !== null, reading };
}

/** A repository's page, as octocat sees it. */
export function repositoryView(more: Partial<RepositoryPageView> = {}): RepositoryPageView {
  return {
    viewer: VIEWER,
    publicUrl: PUBLIC_URL,
    place: { owner: "octo-org", ownerType: "Organization", repository: "hello", hosts: GITHUB_COM },
    sight: { organizationFile: true, organizationUse: true },
    defaultBranch: "main",
    reading: readingOf("", ""),
    figures: NO_FIGURES,
    events: null,
    ...more,
  };
}

/** A bot that has nothing to do. */
export const OVERVIEW: Overview = {
  unsettled: [],
  oldestQueuedAt: null,
  starting: 0,
  waitingForPlace: 0,
  waitingForConnection: 0,
  undelivered: { count: 0, oldest: null },
  missedDeliveries: 0,
  deliveriesCheckedTo: "2026-11-30T05:55:00.000Z",
  failures: [],
  connections: { connected: 0, ended: 0 },
  people: [],
};

/** What the doctor found a minute ago. */
export function healthOf(findings: readonly Finding[]): HealthCheck {
  return { checkedAt: "2026-11-30T05:59:00.000Z", findings };
}

/** The administration, as octocat sees it. */
export function adminView(more: Partial<AdminPageView> = {}): AdminPageView {
  return {
    viewer: ADMIN,
    hosts: GITHUB_COM,
    health: healthOf([]),
    overview: OVERVIEW,
    runtimes: {
      version: "1.0.80",
      state: "ready",
      cloudSessions: true,
      processes: [],
      waiting: 0,
      replica: null,
    },
    machines: null,
    now: new Date("2026-11-30T06:00:00.000Z"),
    events: null,
    ...more,
  };
}

/** The setup of octo-org, as octocat sees it. */
export function setupView(more: Partial<SetupPageView> = {}): SetupPageView {
  return {
    viewer: VIEWER,
    hosts: GITHUB_COM,
    installation: {
      id: 31,
      account: "octo-org",
      url: "https://github.com/organizations/octo-org/settings/installations/31",
      repositories: "selected",
      isSuspended: false,
    },
    missingPermissions: [],
    findings: [],
    repositories: [],
    repositoryCount: 0,
    labelings: null,
    publicUrl: PUBLIC_URL,
    key: KEY,
    created: null,
    ...more,
  };
}
