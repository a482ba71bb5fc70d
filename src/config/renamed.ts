type Variables = Readonly<Record<string, string | undefined>>;

/** Variables that have another name now. The old one still works. */
export const RENAMED_VARIABLES = {
  MAX_ATTACHED_SESSIONS: "MAX_FOLLOWED_SESSIONS",
  MAX_TASKS_PER_REPOSITORY: "MAX_CONCURRENT_STARTS_PER_REPOSITORY",
  REPORT_RETRY_HOURS: "GITHUB_RETRY_HOURS",
} as const satisfies Readonly<Record<string, string>>;

/** A variable that is set by its old name. */
export interface RenamedVariable {
  readonly old: string;
  readonly now: string;
  /** Whether the new name is set too, so that the old one has no effect. */
  readonly isIgnored: boolean;
}

/** The variables that are set by their old names. A variable that is set to nothing counts as not set. */
export function renamedVariables(variables: Variables): readonly RenamedVariable[] {
  return Object.entries(RENAMED_VARIABLES)
    .map(([old, now]) => ({ old, now, isIgnored: isSet(variables[now]) }))
    .filter(({ old }) => isSet(variables[old]));
}

/** The variables by today's names, which take precedence where both are set. */
export function withTodaysNames(variables: Variables): Variables {
  const added = renamedVariables(variables)
    .filter(({ isIgnored }) => !isIgnored)
    .map(({ old, now }) => [now, variables[old]] as const);
  return { ...variables, ...Object.fromEntries(added) };
}

/** Whether a variable is set to something: a blank one says nothing. */
export function isSet(value: string | undefined): boolean {
  return value !== undefined && value.trim() !== "";
}
