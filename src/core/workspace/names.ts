/** A commit's id, as Git writes it whole: SHA-1 or SHA-256. */
export function isCommitId(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/u.test(text);
}

/** The only branch that a task's commits are pushed to. */
export interface TaskBranch {
  readonly kind: string;
  /** Of the issue or pull request. */
  readonly number: number;
  /** The task's id, or its beginning. */
  readonly id: string;
}

/**
 * The branch's name, `copilot/KIND-NUMBER-ID`.
 *
 * @throws when a part could make it another kind of name
 */
export function branchOfTask({ kind, number, id }: TaskBranch): string {
  const isRight =
    /^[a-z][a-z0-9_-]{0,63}$/u.test(kind) &&
    Number.isSafeInteger(number) &&
    number > 0 &&
    /^[0-9a-f][0-9a-f-]{3,35}$/u.test(id);
  const name = `copilot/${kind}-${number}-${id}`;
  if (!isRight) throw new Error(`This can't be a task's branch: ${JSON.stringify(name)}`);
  return name;
}
