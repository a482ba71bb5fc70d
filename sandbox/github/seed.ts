import { createHash } from "node:crypto";
import type { SeedConfig } from "emulate";

/** The organisation that the App is installed on. */
export const organisation = "octo-org";
/** The repository with two branches (`main`, `feature`) and a fork of the stranger's. */
export const hello = { owner: organisation, repo: "hello" } as const;
/** A second repository. */
export const blocked = { owner: organisation, repo: "blocked" } as const;
/** The stranger's fork of `hello`, with the branch `patch-1`. */
export const fork = { owner: "stranger", repo: "hello" } as const;

/** The App. */
export const app = {
  id: 424_242,
  client_id: "Iv23liCopilotTaskBot",
  slug: "copilot-task-bot",
  name: "Copilot Task Bot",
} as const;
/** The App's installation on the organisation. */
export const installationId = 515_151;
/** The login of the App's comments and reactions. */
export const botLogin = `${app.slug}[bot]`;

/** What a person may do in a repository. */
export type Permission = "admin" | "maintain" | "write" | "triage" | "read" | "none";

/** The organisation's owner, an administrator of all its repositories. */
export const administrator = "octocat";

/** The people everyone starts with, and what they may do in the organisation's repositories. */
export const people: Readonly<Record<string, Permission>> = {
  [administrator]: "admin",
  writer: "write",
  reader: "read",
  stranger: "none",
};

/** A repository of the organisation's; one called `.github` holds what counts for all of them. */
export interface SeededRepository {
  readonly name: string;
  readonly private?: boolean;
  /** `main` unless told. */
  readonly defaultBranch?: string;
}

/** A person's OAuth token, of GitHub's form. */
export function tokenOf(login: string): string {
  return `gho_${digest(login).slice(0, 36)}`;
}

/** A person's fine-grained personal access token, of GitHub's form. */
export function fineGrainedTokenOf(login: string): string {
  return `github_pat_${digest(`pat ${login}`).slice(0, 22)}_${digest(login).slice(0, 59)}`;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** What emulate starts with. */
export function seedOf(logins: readonly string[], repositories: readonly SeededRepository[]) {
  const tokens = logins.flatMap((login) => [
    [tokenOf(login), { login }] as const,
    [fineGrainedTokenOf(login), { login }] as const,
  ]);
  const github = {
    users: logins.map((login) => ({ login, name: login, email: `${login}@example.com` })),
    orgs: [{ login: organisation, members: [{ login: administrator, role: "admin" }] }],
    repos: [
      { owner: organisation, name: hello.repo },
      { owner: organisation, name: blocked.repo },
      ...repositories.map(({ name, private: hidden = false, defaultBranch = "main" }) => {
        return { owner: organisation, name, private: hidden, default_branch: defaultBranch };
      }),
    ],
    apps: [
      {
        app_id: app.id,
        slug: app.slug,
        name: app.name,
        // emulate lets the App do all of this; the front looks at what is granted.
        permissions: {
          checks: "write",
          contents: "write",
          issues: "write",
          metadata: "read",
          pull_requests: "write",
        },
        events: [],
        installations: [{ installation_id: installationId, account: organisation }],
      },
    ],
  };
  const seed: SeedConfig = { tokens: Object.fromEntries(tokens), github };
  return seed;
}
