import type { UngrantedPermission, NeededPermission } from "../core/github/ungranted-permission.ts";
import { appSettingsPage, includesLevel } from "../core/github/ungranted-permission.ts";
import type { NotPermitted } from "../ports/github.ts";
import type { GitHubApp } from "./app.ts";

/** A refusal with what GitHub doesn't say itself: which permission is missing, and where. */
export async function permissionRefusalOf(
  app: Pick<GitHubApp, "octokit">,
  {
    installation_id,
    needed,
    error,
  }: {
    readonly installation_id: number;
    readonly needed: NeededPermission;
    readonly error: unknown;
  },
): Promise<NotPermitted> {
  const missing = await ungrantedPermission(app, installation_id, needed);
  // It was granted just now: another try shows whether that helps.
  if (missing === null) throw error;
  return { type: "not_permitted", missing };
}

/** Who has to grant a permission that an installation was refused. Two requests. Null when it has the permission. */
async function ungrantedPermission(
  app: Pick<GitHubApp, "octokit">,
  installationId: number,
  needed: NeededPermission,
): Promise<UngrantedPermission | null> {
  const { rest } = await app.octokit();
  const { name, level } = needed;
  const { data: own } = await rest.apps.getAuthenticated();
  const installed = await rest.apps.getInstallation({ installation_id: installationId });
  if (includesLevel(installed.data.permissions[name], level)) return null;
  if (own === null || !includesLevel(own.permissions[name], level)) {
    return { ...needed, grantedBy: "app", page: own === null ? null : permissionsPage(own) };
  }
  return { ...needed, grantedBy: "account", page: installed.data.html_url };
}

/** The App's own page is on the GitHub that people see. */
function permissionsPage({
  slug = null,
  owner,
  html_url,
}: {
  readonly slug?: string | null;
  readonly owner: object;
  readonly html_url: string;
}): string | null {
  const named =
    "login" in owner && "type" in owner
      ? { login: String(owner.login), type: String(owner.type) }
      : null;
  const page = appSettingsPage({ slug, owner: named }, new URL(html_url).origin);
  return page === null ? null : `${page}/permissions`;
}
