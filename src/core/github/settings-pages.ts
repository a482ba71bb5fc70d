import type { GitHubHosts } from "./hosts.ts";

/** Whose settings a remedy leads to, and where they are. */
export interface SettingsPlace {
  readonly owner: string;
  /** Null where it isn't known. */
  readonly ownerType: "User" | "Organization" | null;
  readonly repository: string;
  readonly hosts: GitHubHosts;
}

/**
 * Pages of GitHub's settings as Markdown links. The settings of the repository's owner are an organization's
 * or a person's; where it isn't known which, they're named without a link.
 */
export function settingsOf({ hosts, owner, ownerType, repository }: SettingsPlace) {
  const { web, accountPages } = hosts;
  const isPerson = ownerType === "User";
  const organization = `${web}/organizations/${owner}/settings`;
  const whose = `${owner}'s`;

  function page(name: string, path: string, personal: string): string {
    const text = `${whose} ${name}`;
    if (ownerType === null) return text;
    return `[${text}](${isPerson ? `${web}${personal}` : `${organization}${path}`})`;
  }

  /** Settings of the account whose token the bot uses. */
  const account = (name: string, path: string) => `[${name}](${accountPages}${path})`;

  return {
    isPerson,
    policies: page(
      isPerson ? "Copilot settings" : "Copilot policies",
      "/copilot/policies",
      "/settings/copilot/features",
    ),
    cloudAgent: page(
      "cloud agent settings",
      "/copilot/coding_agent",
      "/settings/copilot/coding_agent",
    ),
    models: page("Copilot models", "/copilot/models", "/settings/copilot/features"),
    licenses: page(
      "Copilot access settings",
      "/copilot/seat_management",
      "/settings/copilot/features",
    ),
    budgets: page("budgets", "/billing/budgets", "/settings/billing/budgets"),
    security: page("authentication security settings", "/security", "/settings/security"),
    apps: page("installed GitHub Apps", "/installations", "/settings/installations"),
    tokens: page("token settings", "/personal-access-tokens", "/settings/personal-access-tokens"),
    oauthApps: page("OAuth app policy", "/oauth_application_policy", "/settings/applications"),
    sandboxes: page("settings", "/profile", "/settings/profile"),
    contentExclusion: `[${repository}'s content exclusions](${web}/${owner}/${repository}/settings/copilot/content_exclusion)`,
    access: `[${repository}'s access settings](${web}/${owner}/${repository}/settings/access)`,
    signOn:
      ownerType === "Organization"
        ? `[${owner}'s sign-on page](${web}/orgs/${owner}/sso)`
        : `${owner}'s sign-on page`,
    enterprise: `[the enterprise's settings](${accountPages}/settings/enterprises)`,
    accountCopilot: account("its Copilot settings", "/settings/copilot/features"),
    accountBudgets: account("its budgets", "/settings/billing/budgets"),
    accountTokens: account("its token settings", "/settings/personal-access-tokens"),
  };
}
