/** A permission that the App needs to publish what agents commit. */
export interface NeededPermission {
  readonly name: "contents" | "pull_requests";
  readonly level: "read" | "write";
}

/** One that it doesn't have in an account. */
export interface UngrantedPermission extends NeededPermission {
  /** Who has to grant it first: the App's owner in its settings, or the account, which hasn't accepted what the App asks for. */
  readonly grantedBy: "app" | "account";
  /** The page where that's done; null where it isn't known. */
  readonly page: string | null;
}

const LEVELS: readonly string[] = ["read", "write", "admin"];

/** Whether one level of a permission includes the other. */
export function includesLevel(level: string | undefined, other: string): boolean {
  return level !== undefined && LEVELS.indexOf(level) >= LEVELS.indexOf(other);
}

/** Whose App it is, as far as GitHub says. */
export interface OwnedApp {
  readonly slug: string | null;
  readonly owner: { readonly login: string; readonly type: string } | null;
}

/**
 * The settings of an App.
 *
 * @param web a GitHub as an origin
 * @returns null if GitHub doesn't say whose it is
 */
export function appSettingsPage({ slug, owner }: OwnedApp, web: string): string | null {
  if (slug === null || owner === null) return null;
  const login = encodeURIComponent(owner.login);
  const account = owner.type === "Organization" ? `organizations/${login}/` : "";
  return `${web}/${account}settings/apps/${encodeURIComponent(slug)}`;
}

/** Which permission it is, and who has to grant it, as the cause of a failure. */
export type PermissionCause = `${UngrantedPermission["grantedBy"]}_${UngrantedPermission["name"]}`;

/** The cause of a failure for which a permission is missing; null where the App isn't installed on the repository. */
export function permissionCause(missing: UngrantedPermission | null): PermissionCause | null {
  return missing === null ? null : `${missing.grantedBy}_${missing.name}`;
}
