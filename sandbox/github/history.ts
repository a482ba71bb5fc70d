import type { Emulator } from "./emulator.ts";
import type { Json, Pull } from "./shapes.ts";
import { trusted } from "./shapes.ts";

/** What git tells of a pull request; emulate knows the commits but does not look at them for pull requests. */
export interface History {
  files(pull: Pull): Promise<readonly Json[]>;
  /** The pull request with its branch's latest commit, and commits and lines counted. */
  current(pull: Pull): Promise<Pull>;
}

interface File extends Json {
  readonly additions: number;
  readonly deletions: number;
}

interface Comparison {
  readonly files: readonly File[];
  readonly total_commits: number;
}

interface Branch {
  readonly commit: { readonly sha: string };
}

/** Reads the changes of pull requests from emulate's comparison of commits. */
export function createHistory(emulator: Emulator): History {
  async function compare({ base, head }: Pull): Promise<Comparison> {
    // emulate's fork has a history of its own, so a fork's branch is compared within the fork.
    const fork = head.repo.full_name !== base.repo.full_name;
    const from = fork ? head.repo.default_branch : base.sha;
    const path = `/repos/${head.repo.full_name}/compare/${from}...${head.sha}`;
    const answer = await emulator.read(path);
    if (answer.status !== 200) return { files: [], total_commits: 0 };
    return trusted<Comparison>(answer.body);
  }

  async function tipOf({ state, head }: Pull): Promise<string> {
    if (state !== "open") return head.sha;
    const answer = await emulator.read(
      `/repos/${head.repo.full_name}/branches/${encodeURIComponent(head.ref)}`,
    );
    return answer.status === 200 ? trusted<Branch>(answer.body).commit.sha : head.sha;
  }

  async function current(pull: Pull): Promise<Pull> {
    const moved = { ...pull, head: { ...pull.head, sha: await tipOf(pull) } };
    const { files, total_commits } = await compare(moved);
    const additions = files.reduce((sum, file) => sum + file.additions, 0);
    const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
    const changed_files = files.length;
    return { ...moved, commits: total_commits, additions, deletions, changed_files };
  }

  return { current, files: async (pull) => (await compare(pull)).files };
}
