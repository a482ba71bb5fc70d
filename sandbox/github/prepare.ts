import type { Person } from "./person.ts";
import { administrator, blocked, botLogin, fork, hello, organization } from "./seed.ts";
import type { Permission, SeededRepository } from "./seed.ts";
import type { RepositoryName } from "./shapes.ts";
import type { State } from "./state/state.ts";
import {
  accountOf,
  addAccount,
  addRepository,
  createState,
  findRepository,
} from "./state/state.ts";

/** The accounts, the repositories, and what each person can do there. */
export function seededState(
  permissions: Readonly<Record<string, Permission>>,
  repositories: readonly SeededRepository[],
): State {
  const state = createState();
  const owner = addAccount(state, organization, "Organization");
  addAccount(state, botLogin, "Bot");
  for (const [login, permission] of Object.entries(permissions)) {
    addAccount(state, login, "User");
    if (permission !== "none") state.members.set(login, { role: "member", state: "active" });
  }
  state.members.set(administrator, { role: "admin", state: "active" });
  for (const made of [{ name: hello.repo }, { name: blocked.repo }, ...repositories]) {
    const { name } = addRepository(state, { ...made, owner });
    for (const [login, permission] of Object.entries(permissions)) {
      grant(state, { owner: organization, repo: name }, login, permission);
    }
  }
  return state;
}

/** Gives a person a permission, or takes it away; `role` is what the organization calls a role of its own. */
export function grant(
  state: State,
  place: RepositoryName,
  login: string,
  permission: Permission,
  role?: string,
): void {
  const repository = findRepository(state, place);
  if (permission === "none") repository?.grants.delete(login);
  else repository?.grants.set(login, { role: permission, name: role });
}

/** Makes the branch `feature` of `hello`, and the stranger's fork with its branch `patch-1`. */
export async function writeHistory(state: State, as: (login: string) => Person): Promise<void> {
  const source = findRepository(state, hello);
  if (source === undefined) throw new Error(`There is no ${hello.repo}`);
  addRepository(state, { owner: accountOf(state, fork.owner), name: fork.repo, source });
  const admin = as(administrator);
  const stranger = as(fork.owner);
  await admin.createBranch(hello, "feature");
  await stranger.createBranch(fork, "patch-1");
  const content = "# hello\n\nHello, world.\n";
  await admin.commitFile(hello, { path: "README.md", content, branch: "feature" });
  const greeting = 'export const greeting = "Hello";\n';
  await admin.commitFile(hello, { path: "src/greeting.ts", content: greeting, branch: "feature" });
  await stranger.commitFile(fork, { path: "README.md", content, branch: "patch-1" });
}
