import type { Account, Json } from "./shapes.ts";

/** GitHub's answer to what a person may do in a repository. */
export interface Role extends Json {
  /** One of the four permissions of old. */
  readonly permission: string;
  /** The role, `triage` and `maintain` among them, or what the organisation calls one of its own. */
  readonly role_name: string;
  readonly user: Account;
}

/**
 * Completes a role as GitHub's OpenAPI description (`repository-collaborator-permission`) has it:
 * `permission` tells `maintain` as `write` and `triage` as `read`, `user.permissions` tells each.
 * `own` is the name that the organisation gave to a role of its own, which is based on this one.
 */
export function mendRole(role: Role, own?: string): Role {
  const level = role.role_name;
  const role_name = own ?? level;
  const user = { ...role.user, permissions: permissionsOf(level), role_name };
  return { permission: permissions[level] ?? level, role_name, user };
}

/** What a repository says that the asker may do; an App has no role and so no permission there. */
export function permissionsOf(role: string | undefined): Json {
  const level = role === undefined ? -1 : roles.indexOf(role);
  return Object.fromEntries(names.map((name, index) => [name, index <= level]));
}

const permissions: Readonly<Record<string, string>> = { maintain: "write", triage: "read" };
const roles = ["read", "triage", "write", "maintain", "admin"];
const names = ["pull", "triage", "push", "maintain", "admin"];
