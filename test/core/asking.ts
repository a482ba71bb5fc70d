import { type Asking, type PermissionAsking } from "../../src/core/task/asking.ts";
import { observationsOf } from "../../src/core/session/events.ts";

/** The agent's request for permission to use the shell. */
export const SHELL: PermissionAsking = {
  type: "permission",
  kind: "shell",
  intention: null,
  command: null,
  path: null,
  url: null,
  tool: null,
  branch: null,
  readOnly: null,
  managedApprovalRequired: false,
  leavesSandbox: false,
  details: [],
  withheld: null,
};

/** What the bot makes of an event by which the session asks something. */
export function asked(type: string, data: object): Asking {
  const timestamp = "2026-11-21T12:00:00.000Z";
  const [one] = observationsOf({ id: "e1", timestamp, type, data: { requestId: "r1", ...data } });
  if (one?.type !== "asked") throw new TypeError("not asked");
  return one.asking;
}

/** What the bot makes of a permission request of the session's. */
export function permissionOf(permissionRequest: object): PermissionAsking {
  const asking = asked("permission.requested", { permissionRequest });
  if (asking.type !== "permission") throw new TypeError("no permission");
  return asking;
}
