import { expect, test } from "vitest";
import type { SessionCommandType } from "../../src/core/session/session-command.ts";
import { surveyWith } from "../core/survey.ts";
import { SHELL } from "../core/asking.ts";
import { commanded } from "../store/trigger.ts";
import { MINUTE, openFollowing, pass, settle, useClock } from "./opened-following.ts";

useClock();

const WRITER = { login: "writer", id: 2 };
const OCTOCAT = commanded(1).requester;

function policy(text: string) {
  const commit = "1".repeat(40);
  return { repository: { commit, file: { blob: text, text } }, organization: null };
}

interface Given {
  /** What the policy says when the command is taken. */
  readonly steering: string;
  readonly by?: { readonly login: string; readonly id: number };
  readonly type?: SessionCommandType;
  readonly text?: string;
  /** For how long the command waits. */
  readonly waitsMs?: number;
}

/** A command to a session of octocat's own Copilot that was allowed when it was given. */
async function give({
  steering,
  by = WRITER,
  type = "send",
  text = "Go on.",
  waitsMs = MINUTE,
}: Given) {
  let surveys = 0;
  const { follow, following, tasks, sessionCommands, edits } = await openFollowing(() => {
    surveys += 1;
    return Promise.resolve(surveyWith({ policy: policy(`steering: ${steering}`) }));
  });
  const { task, session } = await follow({ decision: { identity: "requester" } });
  session.emit({ type: "asked", requestId: "1", asking: SHELL });
  await pass(MINUTE);
  const code = /approve [0-9a-f]{8} (?<code>[0-9a-f]{4})/u.exec(edits.at(-1) ?? "")?.groups?.[
    "code"
  ];
  const made = await tasks.insert(commanded(9, { requester: by }));
  const id = made?.id ?? "";
  const written = text.replace("CODE", code ?? "");
  await sessionCommands.give({ id, taskId: task.id, type, text: written, requester: by.login });
  await pass(waitsMs);
  following.nudge(task.id);
  await pass(MINUTE);
  await settle();
  return { calls: session.calls, comment: edits.at(-1), surveys };
}

test("a command that waited isn't carried out if its writer can't steer the session anymore", async () => {
  const { calls, comment } = await give({ steering: "owner" });
  expect(calls).toEqual([]);
  expect(comment).toContain(
    "The command from `writer` wasn't carried out: the policy has changed, so only the requester can steer this session.",
  );
});

test.each<[string, Given, calls: string[], surveys: number]>([
  ["a writer's, where they still can", { steering: "writers" }, ["say: Go on."], 1],
  ["a writer's, right after it was given", { steering: "owner", waitsMs: 0 }, ["say: Go on."], 0],
  ["its owner's", { steering: "owner", by: OCTOCAT }, ["say: Go on."], 0],
  ["a stop by anyone", { steering: "owner", type: "stop", text: "" }, ["abort"], 0],
  ["an approval by a writer", { steering: "owner", type: "approve", text: "CODE" }, [], 1],
  ["a denial by anyone", { steering: "owner", type: "deny", text: "CODE" }, ["answer 1: no"], 0],
  ["a denial with words", { steering: "owner", type: "deny", text: "CODE Push it." }, [], 1],
])("%s", async (_what, given, calls, surveys) => {
  expect(await give(given)).toMatchObject({ calls, surveys });
});
