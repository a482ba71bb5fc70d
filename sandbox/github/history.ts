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
  // A closed pull request keeps the last commit, and one from a deleted fork all that it has.
  const tips = new Map<number, string>();
  const comparisons = new Map<number, Comparison>();

  async function compare({ id, base, head }: Pull): Promise<Comparison> {
    const known = comparisons.get(id) ?? { files: [], total_commits: 0 };
    if (head.repo === null) return known;
    // emulate's fork has a history of its own, so a fork's branch is compared within the fork.
    const fork = head.repo.full_name !== base.repo?.full_name;
    const from = fork ? head.repo.default_branch : base.sha;
    const path = `/repos/${head.repo.full_name}/compare/${from}...${head.sha}`;
    const answer = await emulator.read(path);
    if (answer.status !== 200) return known;
    const comparison = trusted<Comparison>(answer.body);
    comparisons.set(id, comparison);
    return comparison;
  }

  async function tipOf({ id, state, head }: Pull): Promise<string> {
    const last = tips.get(id) ?? head.sha;
    if (state !== "open" || head.repo === null) return last;
    const answer = await emulator.read(
      `/repos/${head.repo.full_name}/branches/${encodeURIComponent(head.ref)}`,
    );
    if (answer.status !== 200) return last;
    const { sha } = trusted<Branch>(answer.body).commit;
    tips.set(id, sha);
    return sha;
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
