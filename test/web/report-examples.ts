import type { Machine } from "../../src/core/worker/machine.ts";
import type { Finding } from "../../src/core/doctor/finding.ts";
import { adminPage } from "../../src/web/pages/admin-page.ts";
import type { Html } from "../../src/web/pages/document.ts";
import type { DailyFailures } from "../../src/web/pages/failure-charts.ts";
import { repositoryPage } from "../../src/web/pages/repository-page.ts";
import { setupChoicePage, setupPage } from "../../src/web/pages/setup-page.ts";
import { LISTS, NARROWER, POLICY_FILE } from "../core/comment/examples.ts";
import {
  adminView,
  healthOf,
  FIGURES,
  OVERVIEW,
  policyThere,
  readingOf,
  repositoryView,
  setupView,
} from "./report-world.ts";
import { VIEWER } from "./site-world.ts";

/** A state of the pages about repositories and the bot, to be looked at. */
interface ReportExample {
  readonly name: string;
  readonly html: Html;
}

const FINDINGS: readonly Finding[] = [
  { level: "ok", what: "App", found: "GitHub knows it as `copilot-task-bot`.", cure: null },
  { level: "ok", what: "clock", found: "It agrees with GitHub's.", cure: null },
  {
    level: "warning",
    what: "undelivered comments",
    found: "2, the oldest for 3 h (`ip_not_allowed`).",
    cure: "An organization owner can add the bot's IP address to the IP allow list.",
  },
  {
    level: "failed",
    what: "token of `COPILOT_GITHUB_TOKEN`",
    found: "GitHub doesn't accept it.",
    cure: "Create a new one in [its token settings](https://github.com/settings/personal-access-tokens).",
  },
];

/** Failures of three codes over a month. */
const FAILURES: readonly DailyFailures[] = [
  ["quota_exceeded", 3, 11],
  ["start_timed_out", 7, 2],
  ["policy_blocked", 11, 1],
].flatMap(([code, every, most]) =>
  Array.from({ length: 30 }, (_, index) => ({
    day: `2026-11-${String(30 - index).padStart(2, "0")}`,
    code: String(code),
    count: index % Number(every) === 0 ? ((index * 7) % Number(most)) + 1 : 0,
  })).filter(({ count }) => count > 0),
);

const person = (login: string, kind: string, expiresAt: string | null, hasEnded = false) => {
  return { id: 1, login, kind, connectedAt: "2026-11-01T06:00:00.000Z", expiresAt, hasEnded };
};

const labels = (...missing: readonly string[]) =>
  ["copilot:triage", "copilot:fix", "copilot:review"].map((name) => {
    return { name, exists: !missing.includes(name) };
  });

const PROBLEMS = {
  type: "problems",
  hasOrganizationFile: false,
  problems:
    "The [policy file of this repository](https://github.com/octo-org/hello/blob/main/.github/copilot-tasks.yml) has problems:\n\n- line 1, column 8: `forks` must be one of `deny`, `base`",
} as const;

/** The pages about repositories and the bot. */
function machine(name: string, more: Partial<Machine>): Machine {
  return {
    name,
    labels: [],
    places: 2,
    taken: 0,
    isThere: true,
    hasOtherVersion: false,
    sinceMs: 7_200_000,
    ...more,
  };
}

export const REPORT_EXAMPLES: readonly ReportExample[] = [
  {
    name: "repository",
    html: repositoryPage(repositoryView({ reading: readingOf("", POLICY_FILE), figures: FIGURES })),
  },
  {
    name: "repository-lists",
    html: repositoryPage(
      repositoryView({
        reading: readingOf(`enforced: true\n${LISTS}`, NARROWER),
        figures: FIGURES,
      }),
    ),
  },
  { name: "repository-defaults", html: repositoryPage(repositoryView()) },
  {
    name: "repository-problems",
    html: repositoryPage(
      repositoryView({
        reading: PROBLEMS,
      }),
    ),
  },
  {
    name: "repository-unknown",
    html: repositoryPage(repositoryView({ reading: { type: "unknown" } })),
  },
  {
    name: "admin",
    html: adminPage(
      adminView({
        health: healthOf(FINDINGS),
        overview: {
          ...OVERVIEW,
          unsettled: [
            { state: "queued", count: 12 },
            { state: "in_progress", count: 5 },
            { state: "waiting_for_user", count: 2 },
          ],
          oldestQueuedAt: "2026-11-30T05:40:00.000Z",
          starting: 1,
          waitingForPlace: 9,
          waitingForConnection: 1,
          undelivered: {
            count: 2,
            oldest: {
              since: "2026-11-30T03:00:00.000Z",
              type: "ip_not_allowed",
              message: "Your IP address isn't on the <b>allow list</b>",
            },
          },
          missedDeliveries: 1,
          failures: FAILURES,
          connections: { connected: 104, ended: 1 },
          people: [
            person("octocat", "app", "2026-11-30T14:00:00.000Z"),
            person("monalisa", "personal", "2027-01-30T14:00:00.000Z"),
            person("hubot_octocorp", "oauth_app", null, true),
          ],
        },
        runtimes: {
          version: "1.0.102",
          state: "ready",
          cloudSessions: true,
          processes: [
            { processId: 4_711, sessions: 3, memoryBytes: 212 * 1024 * 1024 },
            { processId: 4_712, sessions: 1, memoryBytes: null },
            { processId: null, sessions: 0, memoryBytes: null },
          ],
          waiting: 2,
          replica: "copilot-task-bot-7f9c6d5b8-x2x4z",
        },
        machines: [
          machine("build-2", { isThere: false, sinceMs: 86_400_000 }),
          machine("gpu-1", { labels: ["gpu", "large"], places: 4, taken: 3 }),
          machine("build-1", {}),
        ],
      }),
    ),
  },
  { name: "admin-quiet", html: adminPage(adminView()) },
  { name: "admin-unchecked", html: adminPage(adminView({ health: null })) },
  {
    name: "setup",
    html: setupPage(
      setupView({
        findings: FINDINGS,
        missingPermissions: [
          { name: "checks", wanted: "write", granted: null },
          { name: "issues", wanted: "write", granted: "read" },
        ],
        repositories: [
          { name: "octo-org/hello", policy: policyThere(POLICY_FILE), labels: labels() },
          {
            name: "octo-org/world",
            policy: { ...policyThere(null), defaultBranch: "release/2.0" },
            labels: labels("copilot:fix", "copilot:review"),
          },
          {
            name: "octo-org/wrong",
            policy: { defaultBranch: "main", hasFile: true, reading: PROBLEMS },
            labels: null,
          },
          { name: "octo-org/empty", policy: null, labels: null },
        ],
        repositoryCount: 120,
        labelings: { waiting: 97, dueBy: "2026-11-30T08:00:00.000Z", refused: 1 },
      }),
    ),
  },
  {
    name: "setup-done",
    html: setupPage(
      setupView({
        created: { labels: 2, failed: ["octo-org/empty"] },
        repositories: [{ name: "octo-org/hello", policy: policyThere(null), labels: labels() }],
        repositoryCount: 1,
        labelings: { waiting: 0, dueBy: null, refused: 0 },
      }),
    ),
  },
  {
    name: "setup-suspended",
    html: setupPage(
      setupView({ installation: { ...setupView().installation, isSuspended: true } }),
    ),
  },
  {
    name: "setup-choice",
    html: setupChoicePage({
      viewer: VIEWER,
      installUrl: null,
      installations: [
        { id: 31, account: "octo-org" },
        { id: 32, account: "octocat" },
      ],
    }),
  },
  {
    name: "setup-none",
    html: setupChoicePage({
      viewer: VIEWER,
      installUrl: "https://github.com/apps/copilot-task-bot/installations/new",
      installations: [],
    }),
  },
];
