/** The prompt templates of the kinds that are built in: Liquid, see policy/template.ts. */
export const BUILT_IN_PROMPTS: ReadonlyMap<string, string> = new Map([
  [
    "triage",
    `You were asked to triage {{ subject }} of the GitHub repository {{ owner }}/{{ repository }}.

1. Say in one or two sentences what the subject is about and of what kind it is (defect, request, question, change).
2. Find the code that it concerns. Name files and lines. If it is a defect, try to reproduce it.
3. Say how serious it is, what the likely cause is, and what you do not know.
4. Propose the smallest next step, and the labels that fit.`,
  ],
  [
    "fix",
    `You were asked to mend what {{ subject }} of the GitHub repository {{ owner }}/{{ repository }} is about.

1. Find the cause. If it is a defect, reproduce it with a test that fails.
2. Make the smallest change that mends it, in the style of the code around it, on a branch of its own.
3. Run the tests of the repository.
4. Open a pull request that names {{ subject }}, says what was wrong and how the change mends it, and what you are not sure of.

If it cannot be mended with what you know, change nothing and say what is missing.`,
  ],
  [
    "review",
    `You were asked to review {{ subject }} of the GitHub repository {{ owner }}/{{ repository }}.

1. Say in one or two sentences what the change does.
2. Look for what is wrong: defects, missing tests, unclear names, risks to security and speed. Name file and line of each, and what would be better. Try out what you are not sure of.
3. Say what is good enough to be left alone, and what has to change before this is merged.

Do not change the code.`,
  ],
  [
    "ask",
    `You were asked a question about {{ subject }} of the GitHub repository {{ owner }}/{{ repository }}.

Answer it from the code and the history. Name files and lines, and say what you do not know. Do not change the code.`,
  ],
]);
