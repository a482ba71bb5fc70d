import { createDirectory } from "./directory.ts";
import type { Directory, Read } from "./directory.ts";
import type { Emulator } from "./emulator.ts";
import { createHistory } from "./history.ts";
import { createMends, issueOf } from "./mends.ts";
import type { Mends } from "./mends.ts";
import { createNotes } from "./notes.ts";
import type { Notes } from "./notes.ts";
import { repositoryPath } from "./routes.ts";
import type { Comment, Issue, Json, Label } from "./shapes.ts";
import type { Pull, RepositoryName, Subject } from "./shapes.ts";
import { trusted } from "./shapes.ts";
import { organisation } from "./seed.ts";

/** What is the case on GitHub, read as an administrator; undefined is GitHub's 404. */
export interface State extends Directory {
  readonly mends: Mends;
  readonly notes: Notes;
  readonly read: Read;
  issue(subject: Subject): Promise<Issue | undefined>;
  pull(subject: Subject): Promise<Pull | undefined>;
  files(pull: Pull): Promise<readonly Json[]>;
  /** The open pull requests of the repositories that the branch may be merged into. */
  pullsFrom(head: RepositoryName, branch: string): Promise<readonly Pull[]>;
  labels(subject: Subject): Promise<readonly Label[]>;
  comment(path: string): Promise<Comment | undefined>;
  comments(subject: Subject, kind: "issues" | "pulls"): Promise<readonly Comment[]>;
}

/** Reads emulate and mends what differs from GitHub. */
export function createState(emulator: Emulator): State {
  const notes = createNotes();
  const history = createHistory(emulator);
  const mends = createMends(emulator, notes, history);

  async function read<Shape>(path: string, query = ""): Promise<Shape | undefined> {
    const answer = await emulator.read(path, query);
    return answer.status === 200 ? trusted<Shape>(answer.body) : undefined;
  }

  const directory = createDirectory(read, notes);

  const state: State = {
    mends,
    notes,
    read,
    ...directory,
    async issue(subject) {
      const issue = await read<Issue>(`${repositoryPath(subject)}/issues/${subject.number}`);
      if (issue !== undefined) return mends.issue(subject, issue);
      const pull = await state.pull(subject);
      return pull && issueOf(pull);
    },
    async pull(subject) {
      const pull = await read<Pull>(`${repositoryPath(subject)}/pulls/${subject.number}`);
      return pull && mends.pull(subject, pull);
    },
    files: (pull) => history.files(pull),
    async pullsFrom(head, branch) {
      const query = `?state=open&per_page=100&head=${encodeURIComponent(`${head.owner}:${branch}`)}`;
      const bases =
        head.owner === organisation
          ? [head]
          : (await state.repositories(organisation)).map(({ name: repo }) => {
              return { owner: organisation, repo };
            });
      const found = bases.map(async (base) => {
        const pulls = (await read<readonly Pull[]>(`${repositoryPath(base)}/pulls`, query)) ?? [];
        const own = pulls.filter((it) => it.head.repo?.name === head.repo);
        return Promise.all(own.map((pull) => mends.pull(base, pull)));
      });
      return (await Promise.all(found)).flat();
    },
    async labels(subject) {
      const path = `${repositoryPath(subject)}/issues/${subject.number}/labels`;
      return (await read<readonly Label[]>(path)) ?? [];
    },
    async comment(path) {
      const comment = await read<Comment>(path);
      return comment && mends.comment(comment);
    },
    async comments(subject, kind) {
      const all: Comment[] = [];
      const path = `${repositoryPath(subject)}/${kind}/${subject.number}/comments`;
      for (let page = 1; ; page += 1) {
        const found = (await read<readonly Comment[]>(path, `?per_page=100&page=${page}`)) ?? [];
        all.push(...(await Promise.all(found.map(mends.comment))));
        if (found.length < 100) return all;
      }
    },
  };
  return state;
}
