/** What an agent gets whose machine or runtime stopped while it was at work: it has forgotten its last moments. */
export const GO_ON = [
  "You were interrupted: the machine or the program that you run in stopped, and was started again.",
  "Whatever ran in the background has ended, and what you were waiting for was dropped.",
  "Look at what there is (git status, git log), and go on with your task from there.",
  "What was asked of you, and the rules, still apply.",
].join(" ");
