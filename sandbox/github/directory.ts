import { briefly } from "./accounts.ts";
import type { Notes } from "./notes.ts";
import type { Role } from "./roles.ts";
import { mendRole } from "./roles.ts";
import { repositoryPath } from "./routes.ts";
import type { Account, Repository, RepositoryName } from "./shapes.ts";

/** Reads what emulate tells an administrator; undefined is its 404. */
export type Read = <Shape>(path: string, query?: string) => Promise<Shape | undefined>;

/** Who and which repositories there are; undefined is GitHub's 404. */
export interface Directory {
  repository(name: RepositoryName): Promise<Repository | undefined>;
  /** What the person may do in the repository. */
  role(name: RepositoryName, login: string): Promise<Role | undefined>;
  account(login: string): Promise<Account | undefined>;
  organisation(login: string): Promise<Account | undefined>;
  /** The repositories of an organisation or a person. */
  repositories(owner: string): Promise<readonly Repository[]>;
}

/** Makes the directory. */
export function createDirectory(read: Read, notes: Notes): Directory {
  const directory: Directory = {
    repository: (name) => read(repositoryPath(name)),
    account: (login) => read(`/users/${encodeURIComponent(login)}`),
    async organisation(login) {
      const whole = await read<Account>(`/orgs/${encodeURIComponent(login)}`);
      return whole && briefly(whole);
    },
    async repositories(owner) {
      const query = `?per_page=100&q=${encodeURIComponent(`user:${owner}`)}`;
      const found = await read<Found>("/search/repositories", query);
      return found?.items ?? [];
    },
    async role(name, login) {
      const path = `${repositoryPath(name)}/collaborators/${encodeURIComponent(login)}/permission`;
      const given = await read<Role>(path);
      if (given !== undefined) return mendRole(given, notes.roleName(name, login));
      // emulate finds only collaborators; on GitHub everyone may read what is public.
      const [user, repository] = await Promise.all([
        directory.account(login),
        directory.repository(name),
      ]);
      if (user === undefined || user.type === "Bot" || repository === undefined) return undefined;
      const permission = repository.private ? "none" : "read";
      return mendRole({ permission, role_name: permission, user: briefly(user) });
    },
  };
  return directory;
}

interface Found {
  readonly items: readonly Repository[];
}
