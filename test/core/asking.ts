import type { PermissionAsking } from "../../src/core/observation.ts";

/** The agent asks whether it may use the shell; for what, a test says. */
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
};
