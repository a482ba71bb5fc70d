import { createHash } from "node:crypto";
import type { Role } from "./state/records.ts";

/** The organization that the App is installed on. */
export const organization = "octo-org";
/** The repository with two branches (`main`, `feature`) and a fork of the stranger's. */
export const hello = { owner: organization, repo: "hello" } as const;
/** A second repository. */
export const blocked = { owner: organization, repo: "blocked" } as const;
/** The stranger's fork of `hello`, with the branch `patch-1`. */
export const fork = { owner: "stranger", repo: "hello" } as const;

/** The App. */
export const app = {
  id: 424_242,
  client_id: "Iv23liCopilotTaskBot",
  slug: "copilot-task-bot",
  name: "Copilot Task Bot",
} as const;
/** The App's installation on the organization. */
export const installationId = 515_151;
/** The login of the App's comments and reactions. */
export const botLogin = `${app.slug}[bot]`;

/** What a person may do in a repository. */
export type Permission = Role;

/** The organization's owner, an administrator of all its repositories. */
export const administrator = "octocat";

/** Whose Copilot the bot uses. The agent can act as this account, so it asks for nothing. */
export const copilotAccount = "copilot-seat";

/** The people everyone starts with, and what they may do in the organization's repositories. */
export const people: Readonly<Record<string, Permission>> = {
  [administrator]: "admin",
  writer: "write",
  reader: "read",
  stranger: "none",
  [copilotAccount]: "write",
};

/** A repository of the organization's; one called `.github` holds what counts for all of them. */
export interface SeededRepository {
  readonly name: string;
  readonly private?: boolean;
  /** `main` unless given. */
  readonly defaultBranch?: string;
}

/** A person's OAuth token, of GitHub's form. */
export function tokenOf(login: string): string {
  return `gho_${digest(login).slice(0, 36)}`;
}

/** The token with which an App acts for a person, of GitHub's form. */
export function userAccessTokenOf(login: string, slug: string): string {
  return `ghu_${digest(`${slug} ${login}`).slice(0, 36)}`;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
