import { renderComment } from "../../../src/core/comment/comment.ts";
import { GITHUB_COM } from "../../../src/core/github/hosts.ts";
import { documentedLink } from "../../../src/core/session/link.ts";
import type { Asking } from "../../../src/core/task/asking.ts";
import type { SeenProgress, Unfollowed } from "../../../src/core/task/session.ts";
import type { TaskState } from "../../../src/core/task/task.ts";
import { permissionOf } from "../asking.ts";
import type { Layer } from "../task.ts";
import {
  AGAIN,
  ADMITTED,
  ASKED,
  COMMANDED,
  LINK,
  LINKED,
  PROMPTED,
  SESSION_ID,
  STARTED,
  canceled,
  over,
  taskWith,
} from "../task.ts";

/** A state in which people meet the bot's comment. */
export interface Example {
  /** As the name of a file. */
  readonly name: string;
  readonly markdown: string;
}

const GITHUB = "https://github.com/octo-org/hello";

/** Followed for twelve minutes. */
export const FOLLOWED = over(LINKED, {
  session: {
    startedAt: "2026-11-21T12:00:03.000Z",
    followUntil: "2026-11-21T13:00:00.000Z",
    progress: { seenAt: "2026-11-21T12:12:30.000Z" },
  },
});
export const BY_SESSION = { session: { link: { url: LINK, source: "session" } } } as const;

export const ANSWER = `## Triage

Noon is handled as **midnight** in [\`src/clock.ts\`](${GITHUB}/blob/main/src/clock.ts#L41), line 41: the hour is compared with 12 *before* the suffix is read.

1. \`parse("12:00 pm")\` returns \`00:00\`.
2. \`parse("12:30 am")\` returns \`12:30\`, see also #3 and what @hubot wrote on https://example.com/clock.

| Input | Expected | Actual |
| --- | --- | --- |
| \`12:00 pm\` | \`12:00\` | \`00:00\` |
| \`12:30 am\` | \`00:30\` | \`12:30\` |

Suggested change:

\`\`\`ts
const hours = (hour % 12) + (suffix === "pm" ? 12 : 0);
\`\`\`

It's a small change, and \`test/clock.test.ts\` has no case for noon yet. **Priority:** medium, because only times between 12 and 1 are wrong.`;

const LONG_ANSWER = Array.from(
  { length: 12 },
  (_, index) =>
    `### Part ${index + 1}\n\nThe cache is filled when a page is read for the first time, and emptied when the process ends. In between it only grows: entries are added in \`src/cache.ts\` and never removed, so after about ${index + 1} hours the process needs more memory than the container has. ${"The reader and the writer share one map, keyed by address and language. ".repeat(5)}`,
).join("\n\n");

/** The comment of a task. */
export function comment(...layers: readonly Layer[]): string {
  return renderComment(taskWith(...layers), GITHUB_COM);
}

interface Seen extends Partial<SeenProgress> {
  readonly state?: TaskState;
  readonly unfollowed?: Unfollowed;
}

/** A session that is followed, or was. */
function session(
  { state = "in_progress", unfollowed, ...progress }: Seen,
  more: Layer = {},
): string {
  const left = unfollowed === undefined ? {} : { unfollowed, followUntil: null };
  return comment(FOLLOWED, { state, session: { ...left, progress } }, more);
}

function waiting(asking: Asking, more: Seen = {}): string {
  const said = "I've fixed the comparison and want to push it.";
  return session({ state: "waiting_for_user", asking: [{ code: "a1b2", asking }], said, ...more });
}

/** Of a task that may end with a pull request. */
const FIX = { trigger: { name: "copilot:fix" }, decision: { kind: "fix" } } as const;

/** The states of a task on its way, and of its session. */
export const SESSION_EXAMPLES: readonly Example[] = [
  { name: "starting", markdown: comment(ASKED) },
  { name: "trying-again", markdown: comment(AGAIN) },
  { name: "waiting-for-runtime", markdown: comment(ADMITTED) },
  {
    name: "queued",
    markdown: comment(ADMITTED, {
      schedule: { waitingSince: "2026-11-21T12:00:01.000Z", atOnce: 2 },
    }),
  },
  {
    name: "sending",
    markdown: comment(STARTED, BY_SESSION),
  },
  { name: "started", markdown: comment(LINKED) },
  {
    name: "started-guessed-link",
    markdown: comment(COMMANDED, PROMPTED, {
      session: { link: { url: documentedLink(GITHUB_COM, SESSION_ID), source: "documented" } },
    }),
  },
  { name: "working", markdown: session({ said: "Looking at `src/clock.ts` first." }, FIX) },
  {
    name: "working-with-notes",
    markdown: session(
      {
        said: "Looking at `src/clock.ts` first.",
        note: "`octocat` sent a message, and Copilot received it.",
      },
      {
        session: {
          branch: "develop",
          prompt: { leftOut: "2 hidden comments were left out of the issue." },
        },
      },
    ),
  },
  {
    name: "working-elsewhere",
    markdown: session({}, { session: { repository: "octo-org/other" } }),
  },
  {
    name: "waiting-command",
    markdown: waiting(
      permissionOf({
        kind: "shell",
        fullCommandText: "git push --force-with-lease origin HEAD:copilot/fix-clock",
        intention: "Push the fix",
      }),
    ),
  },
  {
    name: "waiting-tool",
    markdown: waiting(
      permissionOf({
        kind: "mcp",
        serverName: "github",
        toolName: "create_pull_request",
        args: {
          owner: "octo-org",
          repo: "hello",
          title: "Handle noon",
          body: "Noon is 12.\nMidnight is 0.",
        },
        readOnly: false,
      }),
    ),
  },
  {
    name: "waiting-withheld",
    markdown: waiting(
      permissionOf({
        kind: "shell",
        fullCommandText: `echo ${"x".repeat(30_000)}`,
        intention: "Write it",
      }),
    ),
  },
  {
    name: "waiting-question",
    markdown: waiting({
      type: "question",
      question: "Should noon be shown as 12:00 or as 12 pm?",
      choices: ["12:00", "12 pm"],
      freeform: true,
    }),
  },
  {
    name: "waiting-plan",
    markdown: waiting({
      type: "plan",
      summary: "Fix the comparison, then add tests for noon and midnight.",
      plan: "1. Read the suffix first.\n2. Compare the hour.\n3. Add four tests.",
      actions: ["autopilot", "interactive"],
    }),
  },
  {
    name: "waiting-unfollowed",
    markdown: waiting(permissionOf({ kind: "url", url: "https://example.com/docs" }), {
      unfollowed: "time",
    }),
  },
  {
    name: "completed",
    markdown: session(
      {
        unfollowed: "over",
        state: "completed",
        pulls: [`${GITHUB}/pull/8`],
        said: "I've fixed how noon is read and opened a pull request. `npm test` passes.",
      },
      FIX,
    ),
  },
  {
    name: "completed-answer",
    markdown: session({ unfollowed: "over", state: "completed", said: ANSWER }, COMMANDED),
  },
  {
    name: "completed-long",
    markdown: session({ unfollowed: "over", state: "completed", said: LONG_ANSWER }),
  },
  {
    name: "idle",
    markdown: session({ state: "idle", said: "Which of the two do you prefer?" }),
  },
  {
    name: "idle-unfollowed",
    markdown: session({ unfollowed: "idle", state: "idle", said: ANSWER }),
  },
  {
    name: "working-time",
    markdown: session({ unfollowed: "time" }),
  },
  {
    name: "idle-time",
    markdown: session({
      unfollowed: "time",
      state: "idle",
      said: "Which of the two do you prefer?",
    }),
  },
  {
    name: "waiting-withheld-unfollowed",
    markdown: waiting(
      permissionOf({ kind: "shell", fullCommandText: `echo ${"x".repeat(30_000)}` }),
      { unfollowed: "room" },
    ),
  },
  {
    name: "working-room",
    markdown: session({ unfollowed: "room" }),
  },
  {
    name: "working-unreachable",
    markdown: session({ unfollowed: "unreachable" }),
  },
  {
    name: "stopped",
    markdown: session({ unfollowed: "over", state: "cancelled", note: "Stopped by `octocat`." }),
  },
  {
    name: "stopped-early",
    markdown: comment(ADMITTED, {
      state: "cancelled",
      outcome: canceled("stopped"),
      session: { progress: { note: "Stopped by `octocat` before it started." } },
    }),
  },
  {
    name: "session-failed",
    markdown: session({
      unfollowed: "over",
      state: "failed",
      failure: "The model `gpt-x` isn't available",
      said: "Looking at `src/clock.ts` first.",
    }),
  },
];
