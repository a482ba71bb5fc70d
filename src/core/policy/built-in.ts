/** The labels that start tasks where no file says otherwise. `ask` needs a question, so it has none. */
export const BUILT_IN_LABELS: ReadonlyMap<string, string> = new Map([
  ["copilot:triage", "triage"],
  ["copilot:fix", "fix"],
  ["copilot:review", "review"],
]);

/** The commands that start tasks where no file says otherwise. */
export const BUILT_IN_COMMANDS = new Map([
  [
    "triage",
    {
      kind: "triage",
      description: "Triages this issue or pull request.",
      example: "/copilot triage look at the parser first",
    },
  ],
  [
    "fix",
    {
      kind: "fix",
      description: "Mends what this issue or pull request is about.",
      example: "/copilot fix with a test for the empty file",
    },
  ],
  [
    "review",
    {
      kind: "review",
      description: "Reviews this pull request.",
      example: "/copilot review above all the error handling",
    },
  ],
  [
    "ask",
    {
      kind: "ask",
      description: "Answers a question about this issue or pull request.",
      example: "/copilot ask where is the time zone decided?",
    },
  ],
]);
