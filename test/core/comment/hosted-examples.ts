import { renderComment } from "../../../src/core/comment/comment.ts";
import { renderNotice } from "../../../src/core/comment/notice.ts";
import { GITHUB_COM } from "../../../src/core/github/hosts.ts";
import type { Asking } from "../../../src/core/task/asking.ts";
import type { Hosting, Pushed } from "../../../src/core/task/hosting.ts";
import type { PushStop } from "../../../src/core/workspace/push-check.ts";
import { permissionOf } from "../asking.ts";
import type { Layer } from "../task.ts";
import {
  AGAIN,
  ASKED,
  HOSTED,
  canceled,
  failed,
  LINK,
  over,
  PROMPTED,
  STARTED,
  taskWith,
} from "../task.ts";
import type { Example } from "./session-examples.ts";

const FIX = { trigger: { name: "copilot:fix" }, decision: { kind: "fix" } } as const;
const BRANCH = "copilot/fix-7-0b4f9bd6";
const SAID = "I've compared the hour before the suffix is read, and added a test for noon.";

/** What differs on its machine. */
function on(hosting: Partial<Hosting>): Layer {
  return over(HOSTED, { session: { hosting: { ...hosting } } });
}

/** Followed for twelve minutes, on a machine that isolates it, and not on GitHub. */
export const HOSTED_FOLLOWED = over(PROMPTED, HOSTED, FIX, {
  session: {
    startedAt: "2026-11-21T12:00:03.000Z",
    branch: BRANCH,
    followUntil: "2026-11-21T13:00:00.000Z",
    progress: { seenAt: "2026-11-21T12:12:30.000Z", said: "Looking at `src/clock.ts` first." },
  },
});

function comment(...layers: readonly Layer[]): string {
  return renderComment(taskWith(...layers), GITHUB_COM);
}

function session(hosting: Partial<Hosting>, more: Layer = {}): string {
  return comment(HOSTED_FOLLOWED, on(hosting), more);
}

const SHARED: Partial<Hosting> = { sharing: "always", share: { type: "shared" } };
const SEEN: Layer = { session: { link: { url: LINK, source: "session" } } };
const OWN: Layer = { decision: { identity: "requester" } };
const IDLE: Layer = { state: "idle", session: { progress: { said: SAID } } };
const DONE: Layer = over(IDLE, {
  state: "completed",
  session: { unfollowed: "over", followUntil: null },
});

const REFUSED: Hosting["share"] = {
  type: "refused",
  code: "share_refused",
  cause: "share_policy",
  detail: "Remote sessions are not enabled",
};

export const PUSHED: Pushed = {
  type: "pushed",
  branch: BRANCH,
  commit: "89abcdef0123456789abcdef0123456789abcdef",
  pull: { number: 8, url: "https://github.com/octo-org/hello/pull/8" },
};

export const USAGE = {
  requests: 12,
  inputTokens: 345_678,
  outputTokens: 12_345,
  linesAdded: 41,
  linesRemoved: 3,
};

function waiting(asking: Asking, hosting: Partial<Hosting> = {}, more: Layer = {}): string {
  const progress = { asking: [{ code: "a1b2", asking }] };
  return session(hosting, over({ state: "waiting_for_user", session: { progress } }, more));
}

const SHELL = permissionOf({ kind: "shell", fullCommandText: "npm test", intention: "Test it" });
const LONG = permissionOf({ kind: "shell", fullCommandText: `echo ${"x".repeat(30_000)}` });
const FORM: Asking = { type: "question", question: "Which?", choices: [], freeform: false };

function stopped(reason: PushStop): Example {
  return {
    name: `hosted-stopped-${reason.replaceAll("_", "-")}`,
    markdown: session({ publication: { type: "stopped", reason } }, IDLE),
  };
}

const PLACING: Layer = over(ASKED, FIX, HOSTED, {
  session: { hosting: { machine: null, isIsolated: null, share: null } },
});

/** The states of a task whose session runs, or is to run, on the administrator's own machine. */
export const HOSTED_EXAMPLES: readonly Example[] = [
  { name: "hosted-placing", markdown: comment(PLACING) },
  {
    name: "hosted-placing-labels",
    markdown: comment(PLACING, {
      session: { hosting: { labels: ["gpu", "large"], why: "cloud_blocked" } },
    }),
  },
  {
    name: "hosted-placing-unserved",
    markdown: comment(PLACING, { session: { hosting: { isUnserved: true } } }),
  },
  {
    name: "hosted-placing-unserved-labels",
    markdown: comment(PLACING, { session: { hosting: { isUnserved: true, labels: ["gpu"] } } }),
  },
  { name: "hosted-starting", markdown: comment(ASKED, FIX, HOSTED) },
  { name: "hosted-trying-again", markdown: comment(AGAIN, FIX, HOSTED) },
  {
    name: "hosted-starting-away",
    markdown: comment(ASKED, FIX, on({ awaySince: "2026-11-21T12:11:40.000Z" })),
  },
  { name: "hosted-sending", markdown: comment(STARTED, FIX, HOSTED) },
  { name: "hosted-started", markdown: comment(PROMPTED, FIX, HOSTED) },
  { name: "hosted-working", markdown: session({}) },
  { name: "hosted-working-own", markdown: session({}, OWN) },
  { name: "hosted-working-shared", markdown: session(SHARED, over(SEEN, OWN)) },
  { name: "hosted-working-never", markdown: session({ sharing: "never", push: "never" }) },
  {
    name: "hosted-working-blocked",
    markdown: session({
      why: "cloud_blocked",
      labels: ["gpu"],
      egress: ["registry.npmjs.org", "*.example.com"],
    }),
  },
  { name: "hosted-working-refused", markdown: session({ sharing: "always", share: REFUSED }) },
  { name: "hosted-working-refused-own", markdown: session({ share: REFUSED }, OWN) },
  { name: "hosted-working-open", markdown: session({ isIsolated: false }) },
  {
    name: "hosted-shared-just-now",
    markdown: session(
      SHARED,
      over(SEEN, {
        session: { progress: { note: "`octocat` shared this session on GitHub." } },
      }),
    ),
  },
  { name: "hosted-shared-without-link", markdown: session(SHARED) },
  { name: "hosted-away", markdown: session({ awaySince: "2026-11-21T12:11:40.000Z" }) },
  {
    name: "hosted-away-open",
    markdown: session({ awaySince: "2026-11-21T12:11:40.000Z", isIsolated: false }, IDLE),
  },
  { name: "hosted-waiting", markdown: waiting(SHELL) },
  { name: "hosted-waiting-open", markdown: waiting(SHELL, { isIsolated: false }) },
  { name: "hosted-waiting-own", markdown: waiting(SHELL, {}, OWN) },
  { name: "hosted-waiting-shared", markdown: waiting(SHELL, SHARED, SEEN) },
  { name: "hosted-waiting-shared-own", markdown: waiting(SHELL, SHARED, over(SEEN, OWN)) },
  {
    name: "hosted-waiting-away",
    markdown: waiting(SHELL, { awaySince: "2026-11-21T12:11:40.000Z" }),
  },
  { name: "hosted-waiting-withheld", markdown: waiting(LONG) },
  { name: "hosted-waiting-withheld-never", markdown: waiting(LONG, { sharing: "never" }) },
  { name: "hosted-waiting-form", markdown: waiting(FORM) },
  { name: "hosted-waiting-form-never", markdown: waiting(FORM, { sharing: "never" }) },
  {
    name: "hosted-waiting-unfollowed",
    markdown: waiting(SHELL, {}, { session: { unfollowed: "time", followUntil: null } }),
  },
  { name: "hosted-pull-request", markdown: session({ publication: PUSHED, usage: USAGE }, IDLE) },
  {
    name: "hosted-pull-request-shared",
    markdown: session(
      { ...SHARED, publication: PUSHED, usage: USAGE },
      over(DONE, SEEN, {
        session: { progress: { pulls: ["https://github.com/octo-org/hello/pull/8"] } },
      }),
    ),
  },
  {
    name: "hosted-branch",
    markdown: session({ push: "branch", publication: { ...PUSHED, pull: null } }, DONE),
  },
  {
    name: "hosted-no-draft",
    markdown: session({ publication: { ...PUSHED, pull: null } }, DONE),
  },
  stopped("nothing_committed"),
  stopped("unreadable"),
  stopped("not_based_on_start"),
  stopped("too_large"),
  stopped("workflow_changes"),
  stopped("credentials"),
  stopped("lfs_changes"),
  stopped("submodule_changes"),
  stopped("foreign_commits"),
  {
    name: "hosted-stopped-unreachable",
    markdown: session(
      { publication: { type: "stopped", reason: "credentials" } },
      over(IDLE, { session: { unfollowed: "unreachable", followUntil: null, canResume: false } }),
    ),
  },
  {
    name: "hosted-not-pushed",
    markdown: session(
      { publication: { type: "failed", detail: "403 Resource not accessible by integration" } },
      IDLE,
    ),
  },
  {
    name: "hosted-stopped-after-pull-request",
    markdown: session(
      { publication: { type: "stopped", reason: "credentials", before: PUSHED } },
      IDLE,
    ),
  },
  {
    name: "hosted-dropped-after-pull-request",
    markdown: session(
      { publication: { type: "stopped", reason: "nothing_committed", before: PUSHED } },
      IDLE,
    ),
  },
  {
    name: "hosted-not-pushed-after-branch",
    markdown: session(
      { publication: { type: "failed", detail: "502", before: { ...PUSHED, pull: null } } },
      IDLE,
    ),
  },
  { name: "hosted-completed", markdown: session({}, DONE) },
  {
    name: "hosted-stopped",
    markdown: session(
      {},
      over(DONE, {
        state: "cancelled",
        session: { progress: { note: "Stopped by `octocat`." } },
      }),
    ),
  },
  {
    name: "hosted-stopped-early",
    markdown: comment(PLACING, {
      state: "cancelled",
      outcome: canceled("stopped"),
      session: { progress: { note: "Stopped by `octocat` before it started." } },
    }),
  },
  {
    name: "hosted-failed-early",
    markdown: comment(STARTED, FIX, on({ why: "cloud_blocked" }), {
      state: "failed",
      outcome: failed("runtime_crashed"),
    }),
  },
  {
    name: "hosted-failed-late",
    markdown: comment(
      HOSTED_FOLLOWED,
      on({ publication: PUSHED, usage: USAGE, isIsolated: false }),
      {
        state: "failed",
        outcome: failed("runtime_crashed"),
      },
    ),
  },
  {
    name: "hosted-not-delivered",
    markdown: comment(STARTED, FIX, HOSTED, {
      state: "failed",
      outcome: failed("prompt_not_delivered"),
    }),
  },
  {
    name: "hosted-disconnected",
    markdown: session(
      {},
      over(OWN, { session: { unfollowed: "disconnected", followUntil: null } }),
    ),
  },
  {
    name: "hosted-notice-waiting",
    markdown: renderNotice(
      taskWith(HOSTED_FOLLOWED, {
        state: "waiting_for_user",
        shown: { comment: { id: 11 } },
        session: { progress: { asking: [{ code: "a1b2", asking: SHELL }] } },
      }),
      GITHUB_COM,
    ),
  },
  {
    name: "hosted-notice-withheld",
    markdown: renderNotice(
      taskWith(HOSTED_FOLLOWED, {
        state: "waiting_for_user",
        shown: { comment: { id: 11 } },
        session: { progress: { asking: [{ code: "a1b2", asking: LONG }] } },
      }),
      GITHUB_COM,
    ),
  },
  {
    name: "hosted-notice-completed",
    markdown: renderNotice(
      taskWith(HOSTED_FOLLOWED, DONE, { shown: { comment: { id: 11 } } }),
      GITHUB_COM,
    ),
  },
];
