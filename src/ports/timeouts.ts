import type { ActorTimeouts } from "../core/actor/rules.ts";

/** How long the bot waits for what, each in milliseconds. */
export interface Timeouts extends ActorTimeouts {
  /** Between two renewals of a claim. */
  readonly renewMs: number;
  /** For a start to use what the receipt asked GitHub; one that waited longer asks again. */
  readonly handoverMs: number;
  /** Before a task is processed again that somebody else moves, or whose repository is busy. */
  readonly busyMs: number;
  /** Before a task that nobody moves is processed again, whatever became of its place in the queue. */
  readonly forgottenMs: number;
  /** Between two searches for tasks that wait for a place among the sessions of their repository. */
  readonly placesEveryMs: number;
  /** Before the first retry of a failed start; later ones wait longer. */
  readonly firstRetryMs: number;

  /** For the agent to start, before the task fails as `start_timed_out`. */
  readonly startMs: number;
  /** For an agent to start after all, from the creation of the session on. */
  readonly lateStartMs: number;
  /** For a prompt to be seen to have arrived: longer than the runtime keeps repeating it (155 s). */
  readonly deliveryMs: number;

  /** For following a session because somebody has sent it something. */
  readonly followAgainMs: number;
  /** The same, where the session uses somebody else's Copilot: until the comment shows what came of it. */
  readonly followForGuestMs: number;
  /** For an agent to be seen to have stopped, or a request to be settled. */
  readonly confirmMs: number;
  /** For the gate to decide about a command from a page, before the page is shown without that. */
  readonly pageAnswerMs: number;
  /** For a requester to connect their Copilot, before their task is canceled. */
  readonly connectMs: number;
  /** Before it's decided again about a task that waits for that: the policy may have changed. */
  readonly decideAgainMs: number;
  /** Between two searches for commands that sessions got through another replica. */
  readonly sessionCommandsEveryMs: number;

  /** Between two notices of one task. */
  readonly noticeEveryMs: number;
  /** Before the thread is tried again, when GitHub refuses or is away; later pauses are longer. */
  readonly reportAgainMs: number;
  /** For GitHub to grant what it refuses, from the first refusal on. */
  readonly giveUpMs: number;

  /** For GitHub to answer a request. */
  readonly requestMs: number;
  /** Before a request that GitHub failed to answer is repeated; then 4 and 9 times as long. */
  readonly requestAgainMs: number;
  /** Between two searches for pull requests whose policy file is to be checked. */
  readonly policyChecksEveryMs: number;
  /** Between two searches for repositories that are to get labels. */
  readonly labelingsEveryMs: number;
  /** Between two searches for webhooks that GitHub could not deliver. */
  readonly recoverEveryMs: number;
  /** Between two requests for a delivery: GitHub wants a second between writes. */
  readonly recoverPauseMs: number;
  /** For running steps, when the bot is stopped. */
  readonly shutdownMs: number;
}
