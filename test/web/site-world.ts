import { raw } from "hono/html";
import { GITHUB_COM } from "../../src/core/github/hosts.ts";
import type { Task } from "../../src/core/task/task.ts";
import type { TaskListView } from "../../src/web/pages/task-list.ts";
import type { TaskPageView } from "../../src/web/pages/task-page.ts";
import type { TaskStep } from "../../src/web/pages/task-steps.ts";
import { qrSvg } from "../../src/web/qr-image.ts";
import type { Layer } from "../core/task.ts";
import { LINK, taskWith } from "../core/task.ts";
import { OCTOCAT } from "./github.ts";

const FORM_TOKEN = "0123456789abcdef0123456789abcdef0123456789a";
export const KEY = "abcdefghijklmnopqrstuv";

/** Octocat, who administers nothing and can write. */
export const VIEWER = {
  ...OCTOCAT,
  formToken: FORM_TOKEN,
  isAdmin: false,
  role: "write",
  steering: null,
  denial: null,
} as const;

/** Drawn into the page: no bot is there to be asked for it. */
export const QR = raw(
  qrSvg(LINK).replace("<svg ", '<svg role="img" aria-label="QR code of the session\'s address" '),
);

/** A step on the day of the examples. */
export const step = (
  name: TaskStep["step"],
  time: string,
  reason: string | null = null,
): TaskStep => {
  return { step: name, at: `2026-11-21T${time}.000Z`, reason };
};

/** Up to a session that works. */
export const STEPS: readonly TaskStep[] = [
  step("asked", "12:00:00"),
  step("allowed", "12:00:01"),
  step("session_asked_for", "12:00:02"),
  step("session_started", "12:00:09"),
  step("prompt_delivered", "12:00:11"),
];

/** A task's page, as octocat sees it. */
export function taskPageView(task: Task, more: Partial<TaskPageView> = {}): TaskPageView {
  return {
    viewer: VIEWER,
    hosts: GITHUB_COM,
    task,
    // Three minutes after the examples' sessions were last seen.
    now: new Date("2026-11-21T12:15:30.000Z"),
    steps: [],
    commands: [],
    qr: null,
    key: KEY,
    result: null,
    isRepositoryLinked: true,
    events: null,
    ...more,
  };
}

/** The list of tasks, as octocat sees it. */
export function taskListView(more: Partial<TaskListView> = {}): TaskListView {
  return {
    viewer: VIEWER,
    hosts: GITHUB_COM,
    waiting: [],
    tasks: [],
    filter: { state: null, repository: null, kind: null, requester: null, search: null },
    choices: {
      repositories: ["octo-org/hello", "octo-org/world"],
      kinds: ["fix", "review", "triage"],
    },
    newer: null,
    older: null,
    installUrl: "https://github.com/apps/copilot-task-bot/installations/new",
    events: null,
    ...more,
  };
}

/** A task with an id of its own. */
export function numbered(index: number, ...layers: readonly Layer[]): Task {
  const id = `${String(index).padStart(8, "0")}-1f0c-4b3a-9a43-2f8d3c0c5a11`;
  const minute = String(59 - (index % 60)).padStart(2, "0");
  return taskWith({ id, createdAt: `2026-11-21T12:${minute}:00.000Z` }, ...layers);
}
