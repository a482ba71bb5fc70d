import { appToken } from "./actors.ts";
import type { Emulator } from "./emulator.ts";
import type { Person } from "./person.ts";
import { repositoryPath } from "./routes.ts";
import {
  administrator,
  blocked,
  fork,
  hello,
  installationId,
  organisation,
  tokenOf,
} from "./seed.ts";
import type { Permission, SeededRepository } from "./seed.ts";
import type { RepositoryName } from "./shapes.ts";
import { trusted } from "./shapes.ts";

/** Makes what emulate's seed cannot tell: the bot's account, branches, a fork, permissions. */
export async function prepare(
  emulator: Emulator,
  as: (login: string) => Person,
  permissions: Readonly<Record<string, Permission>>,
  repositories: readonly SeededRepository[],
): Promise<void> {
  await introduceBot(emulator);
  await writeHistory(emulator, as(administrator), as("stranger"));
  for (const repo of [hello.repo, blocked.repo, ...repositories.map(({ name }) => name)]) {
    for (const [login, permission] of Object.entries(permissions)) {
      await grant(emulator, { owner: organisation, repo }, login, permission);
    }
  }
}

/** Gives a person a permission, or takes it away. */
export async function grant(
  emulator: Emulator,
  repository: RepositoryName,
  login: string,
  permission: Permission,
): Promise<void> {
  const request = requestAs(emulator, administrator);
  const path = `${repositoryPath(repository)}/collaborators/${login}`;
  if (permission === "none") await request("DELETE", path);
  else await request("PUT", path, { permission: emulated[permission] });
}

const emulated: Readonly<Record<Exclude<Permission, "none">, string>> = {
  admin: "admin",
  maintain: "maintain",
  write: "push",
  triage: "triage",
  read: "pull",
};

type Request = (method: string, path: string, body?: unknown) => Promise<unknown>;

function requestAs(emulator: Emulator, login: string): Request {
  return async (method, path, body) => {
    const authorization = `Bearer ${tokenOf(login)}`;
    const answer = await emulator.ask({ method, path, query: "", authorization, body });
    if (answer.status >= 400) throw new Error(`emulate: ${method} ${path}: ${answer.status}`);
    return answer.body;
  };
}

async function introduceBot(emulator: Emulator): Promise<void> {
  const post = { method: "POST", query: "" };
  const jwt = `Bearer ${appToken(emulator.privateKey)}`;
  const path = `/app/installations/${installationId}/access_tokens`;
  const answer = await emulator.ask({ ...post, path, authorization: jwt });
  const { token } = trusted<{ readonly token: string }>(answer.body);
  // emulate makes the bot's account at its first write. An issue without a title is refused, after that.
  const issues = { path: `${repositoryPath(hello)}/issues`, body: {} };
  await emulator.ask({ ...post, ...issues, authorization: `Bearer ${token}` });
}

async function writeHistory(emulator: Emulator, admin: Person, stranger: Person): Promise<void> {
  const asStranger = requestAs(emulator, stranger.login);
  await asStranger("POST", `${repositoryPath(hello)}/forks`, {});
  await branch(requestAs(emulator, admin.login), hello, "feature");
  await branch(asStranger, fork, "patch-1");
  const content = "# hello\n\nHello, world.\n";
  await admin.commitFile(hello, { path: "README.md", content, branch: "feature" });
  const source = 'export const greeting = "Hello";\n';
  await admin.commitFile(hello, { path: "src/greeting.ts", content: source, branch: "feature" });
  await stranger.commitFile(fork, { path: "README.md", content, branch: "patch-1" });
}

async function branch(request: Request, repository: RepositoryName, name: string): Promise<void> {
  const path = repositoryPath(repository);
  const main = trusted<Branch>(await request("GET", `${path}/branches/main`));
  await request("POST", `${path}/git/refs`, { ref: `refs/heads/${name}`, sha: main.commit.sha });
}

interface Branch {
  readonly commit: { readonly sha: string };
}
