import type { ChangePlaces, Denial } from "../../../src/core/task/denial.ts";
import { denialSentence } from "../../../src/core/comment/denied.ts";
import { renderFindings } from "../../../src/core/comment/findings.ts";
import { renderHelp } from "../../../src/core/comment/help.ts";
import { renderNotice } from "../../../src/core/comment/notice.ts";
import { describePolicy, describeProblems } from "../../../src/core/comment/settings.ts";
import type { Finding } from "../../../src/core/doctor/finding.ts";
import { GITHUB_COM } from "../../../src/core/github/hosts.ts";
import { readPolicyFile } from "../../../src/core/policy/read.ts";
import type { FailureCode } from "../../../src/core/task/failure.ts";
import { permissionOf } from "../asking.ts";
import { merged } from "../policy/files.ts";
import type { Layer } from "../task.ts";
import {
  ADMITTED,
  ASKED,
  COMMANDED,
  STARTED,
  answered,
  canceled,
  denied,
  failed,
  over,
  taskWith,
} from "../task.ts";
import { HOSTED_EXAMPLES } from "./hosted-examples.ts";
import { OWN_COPILOT_EXAMPLES } from "./own-copilot-examples.ts";
import type { Example } from "./session-examples.ts";
import { BY_SESSION, comment, FOLLOWED, SESSION_EXAMPLES } from "./session-examples.ts";

const GITHUB = "https://github.com/octo-org/hello";

const ORGANIZATIONS_PLACE = {
  of: "organization",
  url: "https://github.com/octo-org/.github/blob/HEAD/.github/copilot-tasks.yml",
  line: 2,
  column: 1,
} as const;

const TIMED_OUT = over(ASKED, { state: "timed_out" });

function failure(
  code: FailureCode,
  layer: Layer = {},
  more: Parameters<typeof failed>[1] = {},
): string {
  return comment(ADMITTED, { state: "failed", outcome: failed(code, more) }, layer);
}

/** A task gets its kind when it is admitted. */
const UNADMITTED = { decision: { kind: null } } as const;

/** @param change where the policy can be changed so that it passes */
function refused(
  denial: Denial,
  layer: Layer = UNADMITTED,
  change: ChangePlaces | null = null,
): string {
  const outcome = denied(denial.reason, denialSentence(denial, change));
  return comment({ state: "failed", outcome }, layer);
}

function answer(name: string, markdown: string): string {
  const layer = { state: "completed", decision: { kind: null }, trigger: { name } } as const;
  return comment(COMMANDED, { ...layer, outcome: answered(markdown) });
}

/** A repository's policy file. */
export const POLICY_FILE = `
limits:
  requester: { hour: 5 }
  at_once: 2
labels_after: { running: "copilot:running" }
permissions:
  fix: { least: maintain }
commands:
  explain: { kind: ask, description: Explains how something works. }
`;

/** Of the organization, and of the repository: only what both let pass counts. */
export const LISTS = `
branches: { eligible: [main, develop, "release/**", "hotfix/**", "users/*/experiments/**"] }
permissions:
  default:
    allow: { users: [octocat, hubot, monalisa, defunkt], teams: [octo-org/core, octo-org/triage] }
    deny: { users: [mallory, trudy] }
trusted_apps: [slack, linear]
`;
export const NARROWER = `
branches: { eligible: [main, "release/**"] }
permissions: { default: { allow: { teams: [octo-org/core] } } }
`;

function config(repository: string, organization = ""): string {
  const { policy, sources } = merged(organization, repository);
  const none = { repository: null, organization: null, organizationVisible: true };
  const versions = repository === "" ? none : { ...none, repository: ADMITTED.decision.commit };
  return describePolicy(policy, sources, versions);
}

function problems(text: string): string {
  const read = readPolicyFile(text, "repository");
  if (read.type !== "problems") throw new TypeError("this file has no problems");
  return describeProblems(
    read.problems,
    "repository",
    `${GITHUB}/blob/main/.github/copilot-tasks.yml`,
  );
}

const finding = (
  level: Finding["level"],
  what: string,
  found: string,
  cure: string | null = null,
): Finding => ({ level, what, found, cure });

const WELL = [
  finding("ok", "App", "GitHub knows it as `copilot-task-bot`, an App of `octo-org`."),
  finding("ok", "permissions of the App", "As needed: `contents: read`, `issues: write`."),
  finding("ok", "events of the App", "As needed: `issues`, `issue_comment`."),
  finding("ok", "clock", "It agrees with GitHub's."),
  finding("ok", "Copilot runtime", "Version `1.0.80` runs, and can create cloud sessions."),
];

/** Each state of the comment, the notices, and the answers. */
export const EXAMPLES: readonly Example[] = [
  ...SESSION_EXAMPLES,
  ...OWN_COPILOT_EXAMPLES,
  ...HOSTED_EXAMPLES,
  { name: "policy-blocked", markdown: failure("policy_blocked") },
  {
    name: "policy-blocked-person",
    markdown: failure("policy_blocked", { place: { owner: "octocat", ownerType: "User" } }),
  },
  {
    name: "quota",
    markdown: failure("quota_exceeded", {}, { passesAt: "2026-12-01T00:00:00Z" }),
  },
  { name: "bad-credentials", markdown: failure("bad_credentials") },
  { name: "not-entitled", markdown: failure("not_entitled") },
  { name: "rate-limited", markdown: failure("rate_limited") },
  {
    name: "unknown-failure",
    markdown: failure("unknown", {}, { detail: "HTTP 500: an error in @octocat's <b>session</b>" }),
  },
  {
    name: "late",
    markdown: failure("start_timed_out", TIMED_OUT, { watchUntil: "2026-11-21T12:03:00.000Z" }),
  },
  { name: "timed-out", markdown: failure("start_timed_out", TIMED_OUT) },
  {
    name: "prompt-not-delivered",
    markdown: failure("prompt_not_delivered", over(STARTED, BY_SESSION, { state: "failed" })),
  },
  { name: "interrupted", markdown: failure("interrupted", over(ASKED, { state: "failed" })) },
  {
    name: "denied-limit",
    markdown: refused(
      {
        reason: "over_limit",
        limit: { scope: "requester", per: "hour", most: 5 },
        freesAt: "2026-11-21T12:40:00.000Z",
      },
      ADMITTED,
    ),
  },
  {
    name: "denied-role",
    markdown: refused({ reason: "no_permission", least: "write" }, over(COMMANDED, UNADMITTED), {
      places: [
        { of: "repository", said: null },
        { of: "organization", said: ORGANIZATIONS_PLACE },
      ],
      inAll: false,
    }),
  },
  {
    name: "denied-fork",
    markdown: refused(
      { reason: "fork_without_ok", commit: ADMITTED.decision.commit },
      over(COMMANDED, UNADMITTED),
    ),
  },
  {
    name: "denied-cloud",
    markdown: refused({ reason: "cloud_not_allowed" }, ADMITTED, {
      places: [{ of: "organization", said: ORGANIZATIONS_PLACE }],
      inAll: false,
    }),
  },
  {
    name: "denied-policy",
    markdown: refused({
      reason: "policy_wrong",
      problems: problems("forks: alow\nlimits: { requester: { hour: many } }\n"),
    }),
  },
  {
    name: "denied-misplaced",
    markdown: refused(
      { reason: "misplaced_command", name: "triage", misplaced: "emphasis" },
      over(COMMANDED, UNADMITTED),
    ),
  },
  {
    name: "denied-closed",
    markdown: refused({ reason: "subject_closed", state: "closed" }),
  },
  { name: "denied-empty", markdown: refused({ reason: "repository_empty" }) },
  {
    name: "canceled-label-removed",
    markdown: comment(ADMITTED, { state: "cancelled", outcome: canceled("label_removed") }),
  },
  {
    name: "command-failed",
    markdown: comment(COMMANDED, {
      state: "failed",
      decision: { kind: null },
      trigger: { name: "stop" },
      outcome: failed("bad_credentials"),
    }),
  },
  {
    name: "canceled",
    markdown: comment(COMMANDED, { state: "cancelled", outcome: canceled("subject_closed") }),
  },
  {
    name: "help",
    markdown: answer("help", renderHelp(merged("", POLICY_FILE).policy, "copilot-task-bot")),
  },
  { name: "config", markdown: answer("config", config(POLICY_FILE)) },
  {
    name: "config-lists",
    markdown: answer("config", config(NARROWER, `enforced: [branches, permissions]\n${LISTS}`)),
  },
  { name: "config-default", markdown: answer("config", config("")) },
  {
    name: "doctor",
    markdown: answer(
      "doctor",
      renderFindings([
        ...WELL,
        finding(
          "failed",
          "Copilot account's access",
          "The account `copilot-octo` can't write to `octo-org/hello`.",
          "Give it write access in [hello's access settings](https://github.com/octo-org/hello/settings/access).",
        ),
        finding(
          "warning",
          "webhook deliveries",
          "2 of 40 weren't delivered.",
          "Check that the bot is reachable.",
        ),
      ]),
    ),
  },
  { name: "doctor-well", markdown: answer("doctor", renderFindings(WELL)) },
  {
    name: "command-unclear",
    markdown: answer("stop", "Task `0b4f9bd6` hasn't started a session yet."),
  },
  {
    name: "notice-waiting",
    markdown: renderNotice(
      taskWith(FOLLOWED, {
        state: "waiting_for_user",
        shown: { comment: { id: 1 } },
        session: {
          progress: {
            asking: [
              {
                code: "a1b2",
                asking: permissionOf({ kind: "shell", fullCommandText: "npm test" }),
              },
            ],
          },
        },
      }),
      GITHUB_COM,
    ),
  },
  {
    name: "notice-completed",
    markdown: renderNotice(
      taskWith(FOLLOWED, {
        state: "completed",
        shown: { comment: { id: 1 } },
        session: { unfollowed: "over", followUntil: null },
      }),
      GITHUB_COM,
    ),
  },
];
