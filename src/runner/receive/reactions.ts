import type { Task } from "../../core/task/task.ts";
import type { Reaction } from "../../ports/github.ts";
import type { Ports } from "../../ports/ports.ts";

/** Reactions, which are a courtesy: nothing waits for them, and a task continues without one. */
export interface Reactions {
  /** Begins to react; a reaction that many others are ahead of is left out. */
  show(task: Task, reaction: Reaction): void;
}

/**
 * The most that are under way at once for one account. GitHub takes one write a second: whoever reacts to
 * everything keeps the comments waiting.
 */
const MAX_UNDER_WAY: Readonly<Record<Reaction, number>> = { eyes: 10, confused: 2 };

/** Reactions on GitHub. */
export function createReactions({ github, log }: Pick<Ports, "github" | "log">): Reactions {
  const underWay = new Map<string, number>();

  async function react(task: Task, reaction: Reaction, key: string): Promise<void> {
    underWay.set(key, (underWay.get(key) ?? 0) + 1);
    try {
      await github.react(task, reaction);
    } catch (err) {
      log.warn({ taskId: task.id, err }, "reaction failed");
    }
    const left = (underWay.get(key) ?? 1) - 1;
    if (left > 0) underWay.set(key, left);
    else underWay.delete(key);
  }

  return {
    show(task, reaction) {
      const key = `${task.place.ownerId} ${reaction}`;
      if ((underWay.get(key) ?? 0) >= MAX_UNDER_WAY[reaction]) return;
      void react(task, reaction, key);
    },
  };
}
