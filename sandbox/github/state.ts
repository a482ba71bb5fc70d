import type { Emulator } from "./emulator.ts";
import { createHistory } from "./history.ts";
import { createMends, issueOf } from "./mends.ts";
import type { Mends } from "./mends.ts";
import { createNotes } from "./notes.ts";
import type { Notes } from "./notes.ts";
import { repositoryPath } from "./routes.ts";
import { mendRole } from "./roles.ts";
import type { Role } from "./roles.ts";
import type { Account, Comment, Issue, Json, Label } from "./shapes.ts";
import type { Pull, Repository, RepositoryName, Subject } from "./shapes.ts";
import { trusted } from "./shapes.ts";

/** What is the case on GitHub, read as an administrator; undefined is GitHub's 404. */
export interface State {
  readonly mends: Mends;
  readonly notes: Notes;
  repository(name: RepositoryName): Promise<Repository | undefined>;
  /** What the person may do in the repository. */
  role(name: RepositoryName, login: string): Promise<Role | undefined>;
  account(login: string): Promise<Account | undefined>;
  issue(subject: Subject): Promise<Issue | undefined>;
  pull(subject: Subject): Promise<Pull | undefined>;
  files(pull: Pull): Promise<readonly Json[]>;
  labels(subject: Subject): Promise<readonly Label[]>;
  comment(path: string): Promise<Comment | undefined>;
  comments(subject: Subject, kind: "issues" | "pulls"): Promise<readonly Comment[]>;
}

/** Reads emulate and mends what differs from GitHub. */
export function createState(emulator: Emulator): State {
  const notes = createNotes();
  const history = createHistory(emulator);
  const mends = createMends(emulator, notes, history);

  async function get<Shape>(path: string, query = ""): Promise<Shape | undefined> {
    const answer = await emulator.read(path, query);
    return answer.status === 200 ? trusted<Shape>(answer.body) : undefined;
  }

  const state: State = {
    mends,
    notes,
    repository: (name) => get(repositoryPath(name)),
    account: (login) => get(`/users/${encodeURIComponent(login)}`),
    async role(name, login) {
      const path = `${repositoryPath(name)}/collaborators/${encodeURIComponent(login)}/permission`;
      const given = await get<Role>(path);
      if (given !== undefined) return mendRole(given);
      // emulate finds only collaborators; on GitHub everyone may read what is public.
      const [user, repository] = await Promise.all([state.account(login), state.repository(name)]);
      if (user === undefined || user.type === "Bot" || repository === undefined) return undefined;
      const permission = repository.private ? "none" : "read";
      return { permission, role_name: permission, user };
    },
    async issue(subject) {
      const issue = await get<Issue>(`${repositoryPath(subject)}/issues/${subject.number}`);
      if (issue !== undefined) return mends.issue(subject, issue);
      const pull = await state.pull(subject);
      return pull && issueOf(pull);
    },
    async pull(subject) {
      const pull = await get<Pull>(`${repositoryPath(subject)}/pulls/${subject.number}`);
      return pull && mends.pull(subject, pull);
    },
    files: (pull) => history.files(pull),
    async labels(subject) {
      const path = `${repositoryPath(subject)}/issues/${subject.number}/labels`;
      return (await get<readonly Label[]>(path)) ?? [];
    },
    async comment(path) {
      const comment = await get<Comment>(path);
      return comment && mends.comment(comment);
    },
    async comments(subject, kind) {
      const all: Comment[] = [];
      const path = `${repositoryPath(subject)}/${kind}/${subject.number}/comments`;
      for (let page = 1; ; page += 1) {
        const found = (await get<readonly Comment[]>(path, `?per_page=100&page=${page}`)) ?? [];
        all.push(...(await Promise.all(found.map(mends.comment))));
        if (found.length < 100) return all;
      }
    },
  };
  return state;
}
