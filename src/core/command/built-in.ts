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
      description: "Fixes the problem in this issue or pull request.",
      example: "/copilot fix with a test for the empty file",
    },
  ],
  [
    "review",
    {
      kind: "review",
      description: "Reviews this pull request.",
      example: "/copilot review focus on the error handling",
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
