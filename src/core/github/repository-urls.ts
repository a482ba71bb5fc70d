import type { GitHubHosts } from "./hosts.ts";

type Web = Pick<GitHubHosts, "web">;

/** A repository by name. */
interface Named {
  readonly owner: string;
  readonly repository: string;
}

/** Where Git fetches from a repository and pushes to it, over HTTP: beside its pages, on every kind of GitHub. */
export function gitUrlOf(hosts: Web, owner: string, repository: string): string {
  return `${pageOf(hosts, { owner, repository })}.git`;
}

/** The owner and name of the repository at such an address, for messages. */
export function repositoryAt(gitUrl: string): string {
  const path = gitUrl.replace(/\.git$/u, "").split("/");
  return path.slice(-2).join("/");
}

/** The page that compares two branches, and from which a pull request can be opened. */
export function comparePage(
  hosts: Web,
  repository: Named,
  { base, branch }: { readonly base: string; readonly branch: string },
): string {
  return `${pageOf(hosts, repository)}/compare/${branchInPath(base)}...${branchInPath(branch)}?expand=1`;
}

/** The page of an issue or pull request. */
export function subjectPage(
  hosts: Web,
  repository: Named,
  { type, number }: { readonly type: "issue" | "pull_request"; readonly number: number },
): string {
  return `${pageOf(hosts, repository)}/${type === "issue" ? "issues" : "pull"}/${number}`;
}

function pageOf({ web }: Web, { owner, repository }: Named): string {
  return `${web}/${encodeURIComponent(owner)}/${encodeURIComponent(repository)}`;
}

/** A branch in the path of a page: its slashes stay, and half a character, which has no encoding, is replaced. */
export function branchInPath(branch: string): string {
  return branch.toWellFormed().split("/").map(encodeURIComponent).join("/");
}
