/** The labels that start tasks where no file says otherwise. `ask` needs a question, so it has none. */
export const BUILT_IN_LABELS: ReadonlyMap<string, string> = new Map([
  ["copilot:triage", "triage"],
  ["copilot:fix", "fix"],
  ["copilot:review", "review"],
]);
