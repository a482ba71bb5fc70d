import { answerText } from "../../../src/core/comment/command-answer.ts";
import { renderComment } from "../../../src/core/comment/comment.ts";
import { hostsOf } from "../../../src/core/github/hosts.ts";
import type { Asking } from "../../../src/core/task/asking.ts";
import { permissionOf } from "../asking.ts";
import type { Layer } from "../task.ts";
import { ADMITTED, COMMANDED, QR_SECRET, answered, canceled, failed, taskWith } from "../task.ts";
import type { Example } from "./session-examples.ts";
import { FOLLOWED } from "./session-examples.ts";

const HOSTS = hostsOf({
  GHE_PROTOCOL: "https",
  connecting: { publicUrl: "https://bot.example.com" },
});

const OWN: Layer = { decision: { identity: "requester", qrSecret: QR_SECRET } };

function comment(...layers: readonly Layer[]): string {
  return renderComment(taskWith(...layers), HOSTS);
}

function waiting(asking: Asking, session: Layer["session"] = {}): string {
  const progress = { asking: [{ code: "a1b2", asking }] };
  const layer = { state: "waiting_for_user", session: { ...session, progress } } as const;
  return comment(FOLLOWED, OWN, layer);
}

const PUSH = { kind: "shell", fullCommandText: "git push origin fix" };
const QUESTION: Asking = { type: "question", question: "Which?", choices: [], freeform: true };

/** The states of a task whose session uses, or is to use, its requester's own Copilot. */
export const OWN_COPILOT_EXAMPLES: readonly Example[] = [
  {
    name: "connect",
    markdown: comment(ADMITTED, OWN, {
      state: "waiting_for_user",
      schedule: { connectBy: "2026-11-24T12:00:00.000Z" },
    }),
  },
  {
    name: "not-connected",
    markdown: comment(ADMITTED, OWN, {
      state: "cancelled",
      outcome: canceled("not_connected"),
    }),
  },
  { name: "working-own", markdown: comment(FOLLOWED, OWN) },
  {
    name: "working-disconnected",
    markdown: comment(FOLLOWED, OWN, {
      session: { unfollowed: "disconnected", followUntil: null, canResume: true },
    }),
  },
  { name: "approval-own", markdown: waiting(permissionOf(PUSH)) },
  { name: "question-own", markdown: waiting(QUESTION) },
  { name: "too-long-own", markdown: waiting({ ...QUESTION, withheld: "too_long" }) },
  { name: "form-own", markdown: waiting({ ...QUESTION, freeform: false }) },
  {
    name: "approval-unfollowed-own",
    markdown: waiting(permissionOf(PUSH), { unfollowed: "time", followUntil: null }),
  },
  { name: "idle-own", markdown: comment(FOLLOWED, OWN, { state: "idle" }) },
  {
    name: "completed-unresumable-own",
    markdown: comment(FOLLOWED, OWN, {
      state: "completed",
      session: { unfollowed: "over", followUntil: null, canResume: false },
    }),
  },
  {
    name: "bad-credentials-own",
    markdown: comment(ADMITTED, OWN, { state: "failed", outcome: failed("bad_credentials") }),
  },
  {
    name: "disconnected",
    markdown: comment(COMMANDED, {
      state: "completed",
      decision: { kind: null },
      trigger: { name: "disconnect" },
      outcome: answered(answerText({ type: "disconnected", wasConnected: true })),
    }),
  },
];
