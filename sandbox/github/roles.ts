import type { Account, Json } from "./shapes.ts";

/** GitHub's answer to what a person may do in a repository. */
export interface Role extends Json {
  readonly permission: string;
  readonly role_name: string;
  readonly user: Account;
}

/** emulate tells its own word for a permission; GitHub tells one of four. */
export function mendRole(role: Role): Role {
  return { ...role, permission: permissions[role.permission] ?? role.permission };
}

/** What a repository says that the asker may do; an App has no role and so no permission there. */
export function permissionsOf(role: string | undefined): Json {
  const level = role === undefined ? -1 : roles.indexOf(role);
  return Object.fromEntries(names.map((name, index) => [name, index <= level]));
}

const permissions: Readonly<Record<string, string>> = {
  admin: "admin",
  maintain: "write",
  push: "write",
  triage: "read",
  pull: "read",
};
const roles = ["read", "triage", "write", "maintain", "admin"];
const names = ["pull", "triage", "push", "maintain", "admin"];
