import { createBackground } from "./background.ts";
import { createControls } from "./controls.ts";
import { createConversation } from "./conversation.ts";
import type { Next } from "./ending.ts";
import { createEnding } from "./ending.ts";
import { createFollowing } from "./following.ts";
import { createGate } from "./gate.ts";
import { createPolicies } from "./policies.ts";
import type { Patience, Ports } from "./ports.ts";
import { createReceipt } from "./receipt.ts";
import { createRemoteControl } from "./remote-control.ts";
import { createReporter } from "./reporter.ts";
import { createStarter } from "./starter.ts";
import { createTurns } from "./turns.ts";
import { createWriter } from "./writer.ts";

/** The one place that moves tasks. Level-triggered: looking twice is harmless. */
export interface Runner {
  /** Decides about the requester and shows that the trigger was seen. Quick: creates no session. */
  receive(taskId: string): Promise<Next>;
  /** Everything else, up to the comment. May take minutes. */
  start(taskId: string): Promise<Next>;
  /** Looks for what people have told sessions that this process follows. */
  lookForOrders(): Promise<void>;
  /** There may be news for the session of a task. */
  nudge(taskId: string): void;
  /** Stops watching sessions; they go on. */
  stop(): Promise<void>;
}

/**
 * A runner over its ports.
 *
 * @param origin of the GitHub that tasks are on, e.g. `https://github.com`
 */
export function createRunner(ports: Ports, origin: string, patience: Patience): Runner {
  const reporter = createReporter(ports, origin, patience);
  const ending = createEnding(ports, reporter, patience);
  const policies = createPolicies(ports.github, origin);
  const gate = createGate(ports, ending, policies);
  const writer = createWriter({ ports, ending, policies, origin });
  const background = createBackground(ports, patience.renewMs);
  const following = createFollowing(ports, reporter, patience);
  const conversation = createConversation({
    ports,
    ending,
    reporter,
    background,
    following,
    patience,
  });
  const controls = createControls({ ports, gate, ending, reporter });
  const remote = createRemoteControl({ ports, gate, ending, reporter, following, patience });
  const steps = { gate, writer, ending, reporter, conversation, following };
  const starter = createStarter({ ports, background, patience, ...steps });
  const receipt = createReceipt({ ports, gate, controls, remote });
  const turns = createTurns({ ports, ending, reporter, background, patience });

  return {
    receive: (taskId) => turns.take(taskId, "receive", (task) => receipt.receive(task)),
    start: (taskId) => turns.take(taskId, "start", (task) => starter.advance(task)),
    nudge: (taskId) => following.nudge(taskId),
    lookForOrders: () => following.lookForOrders(),
    async stop() {
      await Promise.all([conversation.stop(), following.stop()]);
    },
  };
}
