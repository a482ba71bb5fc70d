import { expect, test } from "vitest";
import type { SessionCommandName } from "../../../src/core/command/table.ts";
import { isSessionCommand } from "../../../src/core/command/table.ts";
import { meantTask } from "../../../src/core/task/meant-task.ts";
import type { Task } from "../../../src/core/task/task.ts";
import { taskWith } from "../task.ts";

const AT = "2026-11-21T12:30:00.000Z";

/** `waits` has no session yet, `failed` never had one; `works` and `ended` have one. */
type Stage = "waits" | "works" | "failed" | "ended";

function taskIn(stage: Stage, index: number): Task {
  return taskWith({
    id: `${index}-${stage}`,
    createdAt: `2026-11-21T12:0${index}:00.000Z`,
    session: { intentAt: stage === "works" || stage === "ended" ? AT : null },
    settledAt: stage === "failed" || stage === "ended" ? AT : null,
  });
}

const hasSession = ({ session }: Task) => session.intentAt !== null;
const isOpen = ({ settledAt }: Task) => settledAt === null;

/** Which task of a thread a command is for that names none. @param stages the oldest first */
function meant(command: SessionCommandName, stages: readonly Stage[]): string | undefined {
  const tasks = stages.map(taskIn).toReversed();
  const newest = (holds: (task: Task) => boolean) => tasks.find(holds) ?? null;
  return meantTask(command, {
    ofAll: newest(() => true),
    withSession: newest(hasSession),
    unsettled: newest(isOpen),
    unsettledWithSession: newest((task) => hasSession(task) && isOpen(task)),
  })?.id.replace(/^\d-/u, "");
}

test.each<[Stage[], Partial<Record<SessionCommandName, Stage | undefined>>]>([
  [[], { retry: undefined, stop: undefined, send: undefined }],
  [["ended"], { retry: "ended", stop: "ended", status: "ended", send: "ended" }],
  [["failed"], { retry: "failed", stop: "failed", status: "failed", send: "failed" }],
  // The newest is being tried again, or waits: it's the one, and no older session is woken beside it.
  [["ended", "waits"], { retry: "waits", stop: "waits", status: "waits", send: "waits" }],
  [["failed", "waits"], { retry: "waits", stop: "waits", status: "waits", approve: "waits" }],
  // Only the older one has somebody to be sent something.
  [["works", "waits"], { retry: "waits", stop: "waits", status: "waits", send: "works" }],
  [["works", "waits"], { approve: "works", deny: "works", resume: "works", share: "works" }],
  // What never had a session is over for all but a retry.
  [["works", "failed"], { retry: "failed", stop: "works", status: "works", send: "works" }],
  [["ended", "failed"], { retry: "failed", stop: "ended", status: "ended", send: "ended" }],
  // What is over needs no stop.
  [["works", "ended"], { retry: "ended", stop: "works", status: "ended", send: "ended" }],
  [["waits", "ended"], { retry: "ended", stop: "waits", status: "ended", approve: "ended" }],
])("of %j, the commands that name none are for %j", (stages, expected) => {
  const commands = Object.keys(expected).filter((name) => isSessionCommand(name));
  const found = Object.fromEntries(commands.map((name) => [name, meant(name, stages)]));
  expect(found).toEqual(expected);
});
