import { taskListPage } from "../../src/web/pages/task-list.ts";
import { taskPage } from "../../src/web/pages/task-page.ts";
import { permissionOf } from "../core/asking.ts";
import { HOSTED_FOLLOWED, PUSHED, USAGE } from "../core/comment/hosted-examples.ts";
import type { Layer } from "../core/task.ts";
import { ASKED, HOSTED, LINK, over } from "../core/task.ts";
import { numbered, STEPS, taskListView, taskPageView } from "./site-world.ts";

const WAITING = numbered(21, ASKED, HOSTED, {
  session: {
    hosting: {
      machine: null,
      isIsolated: null,
      share: null,
      labels: ["gpu"],
      why: "cloud_blocked",
    },
  },
});

const asking: Layer = {
  state: "waiting_for_user",
  session: {
    progress: {
      asking: [
        { code: "a1b2", asking: permissionOf({ kind: "shell", fullCommandText: "npm test" }) },
      ],
    },
  },
};

const WORKING = numbered(22, HOSTED_FOLLOWED, asking, {
  session: { hosting: { isIsolated: false, egress: ["registry.npmjs.org"] } },
});

const AWAY = numbered(23, HOSTED_FOLLOWED, {
  session: { hosting: { awaySince: "2026-11-21T12:11:40.000Z" } },
});

const PUBLISHED = numbered(24, HOSTED_FOLLOWED, {
  state: "idle",
  session: {
    link: { url: LINK, source: "session" },
    hosting: { share: { type: "shared" }, publication: PUSHED, usage: USAGE },
  },
});

const REFUSED = numbered(25, HOSTED_FOLLOWED, {
  state: "idle",
  session: {
    hosting: {
      sharing: "always",
      share: { type: "refused", code: "share_refused", cause: "share_policy", detail: "no" },
      publication: { type: "stopped", reason: "workflow_changes" },
    },
  },
});

const OUTDATED = numbered(27, HOSTED_FOLLOWED, {
  state: "idle",
  session: {
    hosting: { publication: { type: "stopped", reason: "credentials", before: PUSHED } },
  },
});

const NEVER = numbered(26, over(HOSTED_FOLLOWED, asking), {
  session: { unfollowed: "time", hosting: { sharing: "never", push: "never" } },
});

/** Tasks on the administrator's own machines, as their pages show them. */
export const HOSTED_PAGE_EXAMPLES = [
  {
    name: "hosted-tasks",
    html: taskListPage(taskListView({ tasks: [WAITING, WORKING, AWAY, PUBLISHED] })),
  },
  { name: "hosted-waiting", html: taskPage(taskPageView(WAITING)) },
  { name: "hosted-working", html: taskPage(taskPageView(WORKING, { steps: STEPS })) },
  { name: "hosted-away", html: taskPage(taskPageView(AWAY)) },
  { name: "hosted-published", html: taskPage(taskPageView(PUBLISHED)) },
  { name: "hosted-refused", html: taskPage(taskPageView(REFUSED)) },
  { name: "hosted-outdated", html: taskPage(taskPageView(OUTDATED)) },
  { name: "hosted-never", html: taskPage(taskPageView(NEVER)) },
] as const;
