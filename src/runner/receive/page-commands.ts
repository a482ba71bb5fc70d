import { setTimeout as sleep } from "node:timers/promises";
import { pageTrigger, readCommandForm } from "../../core/page/command.ts";
import type { PageOutcome } from "../../core/page/outcome.ts";
import { outcomeOnPage } from "../../core/page/outcome.ts";
import { isFromPage } from "../../core/task/task.ts";
import type { Log } from "../../ports/log.ts";
import type { PageCommands, Pressed } from "../../ports/page-commands.ts";
import type { Ports } from "../../ports/ports.ts";
import type { Origin } from "../../ports/queue.ts";
import type { TaskStore } from "../../ports/tasks.ts";
import type { Timeouts } from "../../ports/timeouts.ts";
import { createPace } from "./pace.ts";

interface Parts extends Pick<Ports, "now" | "digest" | "stopping"> {
  readonly tasks: Pick<TaskStore, "insert" | "get">;
  /** Has a new task processed. */
  readonly process: (taskId: string, origin: Origin) => void;
  readonly log: Pick<Log, "info">;
  readonly timeouts: Pick<Timeouts, "pageAnswerMs">;
}

/** How often it's looked up what has become of a command, in milliseconds. */
const LOOK_EVERY_MS = 100;

/**
 * Takes in the commands that people give on pages, as the server takes in the webhooks of those in threads: each becomes
 * a task, and the runner does the rest.
 */
export function createPageCommands(parts: Parts): PageCommands {
  const { tasks, process, digest, now, log } = parts;
  const pace = createPace(now);

  async function given(commandId: string, isRepeated: boolean): Promise<Pressed> {
    return { type: "given", commandId, isRepeated, outcome: await outcomeInTime(parts, commandId) };
  }

  return {
    async press({ taskId, person, ...form }) {
      const command = readCommandForm(form);
      if (command.type !== "command") return command;
      const target = await tasks.get(taskId);
      if (target === null) return { type: "no_task" };
      const trigger = pageTrigger({ target, person, command, at: now().toISOString() }, digest);
      const commandId = trigger.trigger.deliveryId;
      if ((await tasks.get(commandId)) !== null) return given(commandId, true);
      if (!pace.allows(person.id)) return { type: "too_many" };
      const task = await tasks.insert(trigger);
      const fields = { taskId: commandId, targetId: taskId, command: command.name };
      log.info(fields, task === null ? "command from a page repeated" : "command from a page");
      if (task === null) return given(commandId, true);
      process(task.id, { ownerId: task.place.ownerId, requesterId: person.id });
      return given(task.id, false);
    },
    async outcomeOf({ commandId, personId, repositoryId }) {
      const task = await tasks.get(commandId);
      if (task === null || !isFromPage(task) || task.requester.id !== personId) return null;
      return task.place.repositoryId === repositoryId ? outcomeOnPage(task) : null;
    },
  };
}

/** What comes of a command, if that's known soon: another replica may have it. */
async function outcomeInTime(
  { tasks, now, timeouts, stopping }: Parts,
  commandId: string,
): Promise<PageOutcome> {
  const until = now().getTime() + timeouts.pageAnswerMs;
  for (;;) {
    const task = await tasks.get(commandId);
    const outcome: PageOutcome = task === null ? { type: "pending" } : outcomeOnPage(task);
    const isOver = stopping.aborted || now().getTime() >= until;
    if (outcome.type !== "pending" || isOver) return outcome;
    await sleep(LOOK_EVERY_MS);
  }
}
