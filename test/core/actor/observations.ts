import type { Asking } from "../../../src/core/task/asking.ts";
import { SHELL } from "../asking.ts";
import type { Row } from "./story.ts";
import { sees } from "./story.ts";

const url = "https://github.com/octo-org/hello/tasks/4711";

/** The session reports its link; and that link, once it's known to be its own. */
export const LINK = { type: "link", url } as const;

export const IDLE = { type: "idle" } as const;
export const WORKING = { type: "working" } as const;
export const COMPLETED = { type: "completed", summary: null } as const;
export const NUDGED = { type: "nudged" } as const;

export const says = (text: string) => sees({ type: "said", text });
export const push = (to: string) => ({ ...SHELL, command: `git push origin ${to}` });
export const asks = (requestId: string, asking: Asking = push("main")) =>
  ({ type: "asked", requestId, asking }) as const;
export const settles = (requestId: string) => ({ type: "answered", requestId }) as const;

/** What the policy says about the agent's requests. */
export const APPROVES = { decision: { permissionsPolicy: "approve" } } as const;
export const CAREFUL = {
  decision: { permissionsPolicy: "deny-writes-to-default-branch", defaultBranch: "main" },
} as const;

/** The last report was made. */
export const REPORTED: Row = [
  { type: "reported", isSettled: true },
  "reopen for commands",
  "leave: session detach, task reported",
];
