import type { RestEndpointMethodTypes as Methods } from "@octokit/rest";
import { exampleOf } from "./openapi.ts";

type Repository = Methods["repos"]["get"]["response"]["data"];
type Branch = Methods["repos"]["getBranch"]["response"]["data"];
type Comparison = Methods["repos"]["compareCommitsWithBasehead"]["response"]["data"];
type Permission = Methods["repos"]["getCollaboratorPermissionLevel"]["response"]["data"];
type Comment = Methods["issues"]["listComments"]["response"]["data"][number];
type CheckRun = Methods["checks"]["create"]["response"]["data"];
type Label = Methods["issues"]["addLabels"]["response"]["data"][number];
type Membership = Methods["teams"]["getMembershipForUserInOrg"]["response"]["data"];
type Team = Methods["teams"]["getByName"]["response"]["data"];
type Pull = Methods["pulls"]["create"]["response"]["data"];
type ListedPull = Methods["pulls"]["list"]["response"]["data"][number];
type App = NonNullable<Methods["apps"]["getAuthenticated"]["response"]["data"]>;
type Reaction = Methods["reactions"]["createForIssue"]["response"]["data"];
type Attempt = Methods["apps"]["listWebhookDeliveries"]["response"]["data"][number];
type Installation = Methods["apps"]["getRepoInstallation"]["response"]["data"];
type Token = Methods["apps"]["createInstallationAccessToken"]["response"]["data"];
type User = Methods["users"]["getAuthenticated"]["response"]["data"];

// Each answer is GitHub's own example, corrected where GitHub forgot a field that it requires, with what
// a test is about put in.

export function repository(changes: Partial<Repository>): Repository {
  const { source: _source, ...rest }: Repository = JSON.parse(exampleOf("GET", "/repos/o/r", 200));
  return { ...rest, language: "TypeScript", ...changes };
}

export function branch(name: string, sha: string): Branch {
  const example: Branch = JSON.parse(exampleOf("GET", "/repos/o/r/branches/main", 200));
  return { ...example, name, commit: { ...example.commit, sha } };
}

export function comparison(mergeBase: string): Comparison {
  const path = "/repos/o/r/compare/a...b";
  const example: Comparison = JSON.parse(exampleOf("GET", path, 200));
  return { ...example, merge_base_commit: { ...example.merge_base_commit, sha: mergeBase } };
}

/** Null for an account that is gone. */
export function permission(
  level: string,
  who: Pick<NonNullable<Permission["user"]>, "login" | "id" | "permissions"> | null,
  role = level,
): Permission {
  const example: Permission = JSON.parse(
    exampleOf("GET", "/repos/o/r/collaborators/u/permission", 200),
  );
  const { user } = example;
  const them = user === null || who === null ? null : { ...user, role_name: role, ...who };
  return { ...example, permission: level, role_name: role, user: them };
}

export function membership(state: Membership["state"]): Membership {
  const example: Membership = JSON.parse(exampleOf("GET", "/orgs/o/teams/t/memberships/u", 200));
  return { ...example, state };
}

export function team(): Team {
  const example: Team = JSON.parse(exampleOf("GET", "/orgs/o/teams/t", 200));
  const organization = { ...example.organization, archived_at: null };
  return { ...example, type: "organization", organization };
}

export function checkRun(id: number): CheckRun {
  const example: CheckRun = JSON.parse(exampleOf("POST", "/repos/o/r/check-runs", 201));
  return { ...example, id };
}

export function label(name: string): Label {
  const [example]: [Label] = JSON.parse(exampleOf("POST", "/repos/o/r/issues/1/labels", 200));
  return { ...example, name };
}

export function comment(changes: Partial<Comment> = {}): Comment {
  const [example]: [Comment] = JSON.parse(exampleOf("GET", "/repos/o/r/issues/1/comments", 200));
  return { ...example, ...changes };
}

/** The author of an issue or comment. */
export function author(changes: Partial<NonNullable<Comment["user"]>>): Comment["user"] {
  const example = comment().user;
  return example === null ? null : { ...example, ...changes };
}

export function createdComment(id: number, body: string): Comment {
  const example: Comment = JSON.parse(exampleOf("POST", "/repos/o/r/issues/1/comments", 201));
  return { ...example, id, body };
}

export function reaction(content: Reaction["content"]): Reaction {
  const example: Reaction = JSON.parse(exampleOf("POST", "/repos/o/r/issues/1/reactions", 201));
  return { ...example, content };
}

/** An attempt to deliver a webhook to the App. */
export function attempt(changes: Partial<Attempt>): Attempt {
  const [example]: [Attempt] = JSON.parse(exampleOf("GET", "/app/hook/deliveries", 200));
  return { ...example, ...changes };
}

export function installation(id: number): Installation {
  const example: Installation = JSON.parse(exampleOf("GET", "/repos/o/r/installation", 200));
  return { ...example, id };
}

export function installationToken(token: string): Token {
  const example: Token = JSON.parse(exampleOf("POST", "/app/installations/1/access_tokens", 201));
  return { ...example, token };
}

export function authenticatedUser(): User {
  return JSON.parse(exampleOf("GET", "/user", 200));
}

/** The App itself, with these permissions. */
export function ownApp(permissions: App["permissions"]): App {
  const example: App = JSON.parse(exampleOf("GET", "/app", 200));
  return { ...example, permissions };
}

/** A pull request that was just opened. */
export function openedPull(number: number): Pull {
  const example: Pull = JSON.parse(exampleOf("POST", "/repos/o/r/pulls", 201));
  const html_url = `https://github.com/octo-org/hello/pull/${number}`;
  return { ...example, number, html_url, requested_teams: [] };
}

/** A pull request in a list, from a branch: `owner:branch`. */
export function listedPull(number: number, head: string, state = "open"): ListedPull {
  const [example]: [ListedPull] = JSON.parse(exampleOf("GET", "/repos/o/r/pulls", 200));
  const html_url = `https://github.com/octo-org/hello/pull/${number}`;
  const ref = head.slice(head.indexOf(":") + 1);
  const its = { ...example.head, label: head, ref };
  return { ...example, number, html_url, state, head: its, requested_teams: [] };
}
