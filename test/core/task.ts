import { UNTOUCHED } from "../../src/core/new-task.ts";
import type { Task } from "../../src/core/task.ts";

/** Octocat labelled issue 7 of octo-org/hello; the task waits to be looked at. */
const LABELLED: Task = {
  ...UNTOUCHED,
  id: "0b4f9bd6-1f0c-4b3a-9a43-2f8d3c0c5a11",
  attempt: 1,
  createdAt: "2026-11-21T12:00:00.000Z",
  updatedAt: "2026-11-21T12:00:00.000Z",
  kind: "triage",
  deliveryId: "72d3162e-cc78-11e3-81ab-4c9367dc0958",
  eventKey: "label:1296269:7:copilot:triage:2026-11-21T12:00:00Z",
  subjectKey: "label:1296269:7:copilot:triage",
  triggeredAt: "2026-11-21T12:00:00.000Z",
  triggerLabel: "copilot:triage",
  command: null,
  commandPlace: null,
  commandCommentId: null,
  instructions: "",
  requester: "octocat",
  requesterId: 583_231,
  installationId: 31,
  repositoryId: 1_296_269,
  ownerId: 9_919,
  owner: "octo-org",
  repository: "hello",
  subjectType: "issue",
  subjectNumber: 7,
  commentDigest: null,
};

/** What differs for a command in a comment on a pull request. */
export const COMMANDED = {
  eventKey: "issue_comment:1296269:492700400",
  subjectKey: null,
  triggerLabel: null,
  command: "triage",
  commandPlace: "issue_comment",
  commandCommentId: 492_700_400,
  subjectType: "pull_request",
  subjectNumber: 8,
} as const;

/** What is recorded of a task, step by step. */
export const ADMITTED = {
  branch: "main",
  commit: "0123456789abcdef0123456789abcdef01234567",
} as const;
export const ACKNOWLEDGED = { ...ADMITTED, acknowledgedAt: "2026-11-21T12:00:01.000Z" } as const;
export const ASKED = {
  ...ACKNOWLEDGED,
  state: "in_progress",
  sessionIntentAt: "2026-11-21T12:00:02.000Z",
} as const;
export const STARTED = {
  ...ASKED,
  sessionId: "5f9c2b1e-7c1d-4a55-8f43-3a1b8f0f6d21",
  sessionStartedAt: "2026-11-21T12:00:03.000Z",
  sessionRepository: "octo-org/hello",
  sessionBranch: "main",
} as const;
export const PROMPTED = {
  ...STARTED,
  promptIntentAt: "2026-11-21T12:00:04.000Z",
  promptDeliveredAt: "2026-11-21T12:00:05.000Z",
} as const;
export const LINKED = {
  ...PROMPTED,
  linkUrl: "https://github.com/octo-org/hello/tasks/5f9c2b1e",
  linkSource: "session",
} as const;

/** The labelled task, as far as the changes say. */
export function taskWith(changes: Partial<Task> = {}): Task {
  return { ...LABELLED, ...changes };
}
