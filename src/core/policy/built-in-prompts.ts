/** The prompt templates of the kinds that are built in: Liquid, see policy/template.ts. */
export const BUILT_IN_PROMPTS: ReadonlyMap<string, string> = new Map([
  [
    "triage",
    `Triage {{ subject }} of the GitHub repository {{ owner }}/{{ repository }}.

1. Say in one or two sentences what it's about and what it is: a bug, a feature request, a question, or a change.
2. Find the relevant code. Name files and lines. If it's a bug, try to reproduce it.
3. Say how serious it is, what the likely cause is, and what you don't know.
4. Propose the smallest next step, and the labels that fit.`,
  ],
  [
    "fix",
    `Fix the problem described in {{ subject }} of the GitHub repository {{ owner }}/{{ repository }}.

1. Find the cause. If it's a bug, reproduce it with a failing test.
2. Make the smallest change that fixes it, in the style of the surrounding code, on a new branch.
3. Run the repository's tests.
4. Open a pull request that references {{ subject }} and explains what was wrong, how the change fixes it, and what you're not sure about.

If you don't know enough to fix it, change nothing and say what's missing.`,
  ],
  [
    "review",
    `Review {{ subject }} of the GitHub repository {{ owner }}/{{ repository }}.

1. Say in one or two sentences what the change does.
2. Look for problems: bugs, missing tests, unclear names, security and performance risks. For each, name the file and line and suggest something better. Test what you're not sure about.
3. Say what's good enough to leave as it is, and what must change before this is merged.

Don't change the code.`,
  ],
  [
    "ask",
    `Answer a question about {{ subject }} of the GitHub repository {{ owner }}/{{ repository }}.

Base your answer on the code and the history. Name files and lines, and say what you don't know. Don't change the code.`,
  ],
]);
