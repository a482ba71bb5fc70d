import type { Task } from "../../src/core/task/task.ts";
import { taskListPage } from "../../src/web/pages/task-list.ts";
import { taskPage } from "../../src/web/pages/task-page.ts";
import { permissionOf } from "../core/asking.ts";
import { FOLLOWED } from "../core/comment/session-examples.ts";
import type { Layer } from "../core/task.ts";
import { ADMITTED, ASKED, canceled, COMMANDED, failed, taskWith } from "../core/task.ts";
import { QR, STEPS, taskListView, taskPageView } from "./site-world.ts";

/** Somebody's request on an issue of a repository, at a time of the day, and what has become of it. */
function requested(
  time: string,
  login: string,
  kind: string,
  [repository, number]: readonly [string, number],
  ...layers: readonly Layer[]
): Task {
  return taskWith(
    {
      id: `7c5c39ce-1b2c-4d5e-8f90-0a1b2c3d${time.replace(":", "")}`,
      createdAt: `2026-11-21T${time}:00.000Z`,
      requester: { login },
      place: { repository },
      subject: { number },
      trigger: { name: `copilot:${kind}` },
      decision: { kind },
    },
    ...layers,
  );
}

const WANTS_TO_PUSH: Layer = {
  state: "waiting_for_user",
  requester: { role: "write" },
  decision: { permissionsPolicy: "ask", identity: "requester" },
  session: {
    progress: {
      asking: [
        {
          code: "a1b2",
          asking: permissionOf({
            kind: "shell",
            fullCommandText: "git push origin HEAD:copilot/fix-noon",
            intention: "Push the fix, so that a pull request can be opened",
          }),
        },
      ],
      said: "Noon was shown as midnight: `src/clock.ts` compared the hour with 12 before it read the suffix. I've fixed the comparison and added a test for 12:00 pm. All tests pass.",
    },
  },
};

const QUESTION: Layer = {
  state: "waiting_for_user",
  trigger: { name: "review" },
  subject: { number: 118 },
  session: {
    progress: {
      asking: [
        {
          code: "c3d4",
          asking: {
            type: "question",
            question: "Should the old API stay for one more version?",
            choices: ["Yes", "No"],
            freeform: true,
          },
        },
      ],
    },
  },
};

const OVER: Layer = { settledAt: "2026-11-21T12:13:00.000Z" };
const CLOSED: Layer = { ...OVER, state: "cancelled", outcome: canceled("subject_closed") };
const BLOCKED: Layer = { ...OVER, state: "failed", outcome: failed("policy_blocked") };
const FINISHED: Layer = {
  ...OVER,
  state: "completed",
  session: {
    unfollowed: "over",
    progress: { pulls: ["https://github.com/octo-org/hello/pull/8"] },
  },
};

const FIX = requested("12:00", "octocat", "fix", ["hello", 7], FOLLOWED, WANTS_TO_PUSH);
const REVIEW = requested("11:47", "octocat", "review", ["api", 118], FOLLOWED, COMMANDED, QUESTION);

/** Newest first. */
const TASKS: readonly Task[] = [
  requested("12:08", "monalisa", "triage", ["website", 52], FOLLOWED),
  FIX,
  requested("11:52", "ada", "fix", ["api", 121], ASKED),
  REVIEW,
  requested("11:20", "monalisa", "fix", ["hello", 4], FOLLOWED, FINISHED),
  requested("10:41", "octocat", "triage", ["website", 51], ADMITTED, BLOCKED),
  requested("10:13", "ada", "triage", ["hello", 3], ADMITTED, CLOSED),
];

/** What the README shows of the pages: the list of tasks, and a task that waits. */
export const PICTURE_EXAMPLES = [
  {
    name: "tasks-page",
    html: taskListPage(taskListView({ tasks: TASKS, waiting: [FIX, REVIEW], older: "c2" })),
  },
  { name: "task-page", html: taskPage(taskPageView(FIX, { steps: STEPS, qr: QR })) },
] as const;
