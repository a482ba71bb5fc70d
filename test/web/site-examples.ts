import { HOSTED_PAGE_EXAMPLES } from "./hosted-page-examples.ts";
import { denialSentence } from "../../src/core/comment/denied.ts";
import type { Html } from "../../src/web/pages/document.ts";
import { taskListPage } from "../../src/web/pages/task-list.ts";
import type { TaskPageView } from "../../src/web/pages/task-page.ts";
import { taskPage } from "../../src/web/pages/task-page.ts";
import type { StepCommand } from "../../src/web/pages/task-steps.ts";
import { permissionOf } from "../core/asking.ts";
import { ANSWER, FOLLOWED } from "../core/comment/session-examples.ts";
import type { Layer } from "../core/task.ts";
import {
  ADMITTED,
  ASKED,
  canceled,
  COMMANDED,
  denied,
  failed,
  LINKED,
  taskWith,
} from "../core/task.ts";
import { numbered, QR, step, STEPS, taskListView, taskPageView, VIEWER } from "./site-world.ts";

/** A state of the bot's pages for whoever has signed in, to be looked at. */
interface SiteExample {
  readonly name: string;
  readonly html: Html;
}

const GITHUB = "https://github.com/octo-org/hello";

const STOPPED: StepCommand = {
  type: "stop",
  requester: "monalisa",
  createdAt: "2026-11-21T12:14:00.000Z",
  place: "page",
};

function page(name: string, layers: readonly Layer[], more: Partial<TaskPageView> = {}) {
  return { name: `task-page-${name}`, html: taskPage(taskPageView(taskWith(...layers), more)) };
}

const waiting = (asking: Parameters<typeof permissionOf>[0]): Layer => ({
  state: "waiting_for_user",
  session: {
    progress: {
      asking: [{ code: "a1b2", asking: permissionOf(asking) }],
      said: "I've fixed the comparison and want to push it.",
    },
  },
});

const QUESTION: Layer = {
  state: "waiting_for_user",
  session: {
    progress: {
      asking: [
        {
          code: "c3d4",
          asking: {
            type: "question",
            question: "Should noon be shown as 12:00 or as 12 pm?",
            choices: ["12:00", "12 pm"],
            freeform: true,
          },
        },
      ],
    },
  },
};

const SEEN = { session: { progress: { said: "Looking at `src/clock.ts` first." } } } as const;
const FIX = { trigger: { name: "copilot:fix" }, decision: { kind: "fix" } } as const;
const OVER = { settledAt: "2026-11-21T12:13:00.000Z" } as const;
const ODD = {
  requester: { login: "a-login-as-long-as-logins-get-on-github" },
  place: {
    owner: "an-organization-with-a-long-name-12345",
    repository: `a-repository-${"with-a-very-long-name-".repeat(3)}`,
  },
  trigger: { name: "copilot:\u202Eeman ddo na" },
  decision: { kind: "a_kind_with_a_long_name_that_goes_on_and_on" },
} as const;

/** Tasks in many states. */
const TASKS = [
  numbered(1, FOLLOWED, SEEN, FIX),
  numbered(2, FOLLOWED, waiting({ kind: "shell", fullCommandText: "git push" })),
  numbered(3, FOLLOWED, OVER, FIX, {
    state: "completed",
    session: { unfollowed: "over", progress: { pulls: [`${GITHUB}/pull/8`] } },
  }),
  numbered(4, ADMITTED, { schedule: { waitingSince: "2026-11-21T12:00:01.000Z", atOnce: 2 } }),
  numbered(5, COMMANDED, { state: "failed", outcome: denied("fork", "No forks.") }),
  numbered(6, ADMITTED, OVER, { state: "failed", outcome: failed("quota_exceeded") }),
  numbered(7, FOLLOWED, { state: "idle" }, ODD),
  numbered(8, ADMITTED, OVER, { state: "cancelled", outcome: canceled("subject_closed") }),
  numbered(9, ASKED),
];

const WAITING = [
  numbered(2, FOLLOWED, waiting({ kind: "shell", fullCommandText: "git push" })),
  numbered(10, FOLLOWED, QUESTION, COMMANDED),
  numbered(11, ADMITTED, {
    state: "waiting_for_user",
    decision: { identity: "requester" },
    schedule: { connectBy: "2026-11-22T12:00:00.000Z" },
  }),
];

/** The pages for whoever has signed in. */
export const SITE_EXAMPLES: readonly SiteExample[] = [
  {
    name: "tasks",
    html: taskListPage(taskListView({ tasks: TASKS, waiting: WAITING, older: "c2" })),
  },
  {
    name: "tasks-filtered",
    html: taskListPage(
      taskListView({
        viewer: { ...VIEWER, isAdmin: true },
        tasks: TASKS.slice(5, 6),
        filter: {
          state: "failed",
          repository: "octo-org/hello",
          kind: null,
          requester: "octocat",
          search: "clock",
        },
        newer: "c1",
        older: "c2",
      }),
    ),
  },
  { name: "tasks-none", html: taskListPage(taskListView()) },
  {
    name: "tasks-no-match",
    html: taskListPage(
      taskListView({ filter: { ...taskListView().filter, search: "nothing like this" } }),
    ),
  },
  {
    name: "tasks-not-installed",
    html: taskListPage(taskListView({ choices: { repositories: [], kinds: [] } })),
  },
  page("queued", [ADMITTED, { schedule: { waitingSince: "2026-11-21T12:00:01.000Z", atOnce: 2 } }]),
  page("connect", [
    ADMITTED,
    {
      state: "waiting_for_user",
      decision: { identity: "requester" },
      schedule: { connectBy: "2026-11-22T12:00:00.000Z" },
    },
  ]),
  page("working", [FOLLOWED, SEEN, FIX], { steps: STEPS, qr: QR }),
  page(
    "waiting",
    [
      FOLLOWED,
      waiting({
        kind: "shell",
        fullCommandText: "git push --force-with-lease origin HEAD:copilot/fix-clock",
        intention: "Push the fix",
      }),
    ],
    { steps: STEPS, qr: QR },
  ),
  page("question", [FOLLOWED, QUESTION], { steps: STEPS, qr: QR }),
  page("withheld", [
    FOLLOWED,
    waiting({
      kind: "shell",
      fullCommandText: `echo ${"x".repeat(30_000)}`,
      intention: "Write it",
    }),
  ]),
  page(
    "completed",
    [
      FOLLOWED,
      OVER,
      COMMANDED,
      {
        state: "completed",
        session: {
          unfollowed: "over",
          followUntil: null,
          progress: { said: ANSWER, pulls: [`${GITHUB}/pull/8`] },
        },
      },
    ],
    { steps: [...STEPS, step("ended", "12:12:30", "completed")], qr: QR },
  ),
  page("failed", [ADMITTED, OVER, { state: "failed", outcome: failed("policy_blocked") }], {
    steps: [...STEPS.slice(0, 3), step("failed", "12:00:05", "policy_blocked")],
  }),
  page(
    "denied",
    [
      OVER,
      {
        state: "failed",
        outcome: denied(
          "fork_without_ok",
          denialSentence({ reason: "fork_without_ok", commit: ADMITTED.decision.commit }),
        ),
      },
    ],
    {
      steps: [STEPS[0], step("denied", "12:00:01", "fork_without_ok")].filter(
        (one) => one !== undefined,
      ),
    },
  ),
  page(
    "stopped",
    [
      FOLLOWED,
      OVER,
      ODD,
      {
        state: "cancelled",
        session: {
          unfollowed: "over",
          followUntil: null,
          progress: { note: "Stopped by `monalisa`." },
        },
      },
    ],
    {
      steps: [...STEPS, step("ended", "12:14:02", "cancelled")],
      commands: [STOPPED],
      result: { outcome: { type: "passed_on" }, isRepeated: false },
    },
  ),
  page("left", [FOLLOWED, OVER, SEEN, { session: { unfollowed: "time", followUntil: null } }], {
    result: {
      outcome: { type: "not_done", text: "Add your message after `/copilot send`." },
      isRepeated: false,
    },
  }),
  page(
    "others",
    [
      LINKED,
      SEEN,
      { decision: { identity: "requester" }, requester: { id: 1, login: "monalisa" } },
    ],
    {
      viewer: { ...VIEWER, role: "read" },
      result: { outcome: { type: "retrying", taskId: "0b4f9bd6" }, isRepeated: true },
    },
  ),
  ...HOSTED_PAGE_EXAMPLES,
];
