import type { ActorEffect, ActorNews } from "../../core/actor/effect.ts";
import type { ActorInput } from "../../core/actor/input.ts";
import type { GitHubHosts } from "../../core/github/hosts.ts";
import type { Task } from "../../core/task/task.ts";
import type { CloudSession } from "../../ports/copilot.ts";
import type { Ports } from "../../ports/ports.ts";
import type { Next } from "../../ports/queue.ts";
import { assertLease, LostClaim, record } from "../lease/record.ts";
import { loggedOf } from "../../core/task/logged-failure.ts";
import type { Outcomes } from "../report/outcomes.ts";
import type { Reporter } from "../report/reporter.ts";
import { collect } from "./collect.ts";
import { DISCONNECTED, hasDisconnected } from "./disconnected.ts";
import type { ExecuteParts } from "./execute.ts";
import { executeCommand } from "./execute.ts";
import type { Mailbox } from "./mailbox.ts";

/** What the effects of actors take. */
export interface EffectParts extends Pick<ExecuteParts, "steering"> {
  readonly ports: Pick<
    Ports,
    "tasks" | "sessionCommands" | "github" | "log" | "now" | "stopping"
  > & {
    readonly identities: Pick<Ports["identities"], "isConnected">;
  };
  readonly outcomes: Pick<Outcomes, "stopped">;
  readonly reporter: Reporter;
  readonly hosts: GitHubHosts;
  /** Lets another session go where too many are followed. */
  readonly makeRoom: (task: Task) => void;
  /** Opens a task again that was settled while somebody gave it a command. */
  readonly reopenForCommands: (task: Task) => Promise<void>;
}

/** Whose effects they are. */
interface Owner {
  readonly session: CloudSession;
  /** Gets what comes of what may take long. */
  readonly mailbox: Mailbox;
  /** The task, as the actor knows it now. */
  readonly task: () => Task;
  readonly inBackground: { resolve(): void };
}

type EffectOf<Type extends ActorEffect["type"]> = Extract<ActorEffect, { type: Type }>;

/** Does what the actor of a session wants done. */
export interface Effects {
  /**
   * Resolves when the actor may continue: with what came of the effect, or with null where that is an input later, or
   * nothing. Rejects when the claim is lost.
   */
  perform(effect: Exclude<ActorEffect, { type: "leave" }>): Promise<ActorInput | null>;
  /** What the last report said is next for the task. */
  reported(): Next;
  /** Resolves when no edit is under way. */
  edited(): Promise<void>;
}

/** The effects of one actor. */
export function createEffects(parts: EffectParts, owner: Owner): Effects {
  let edit: Promise<void> = Promise.resolve();
  let reported: Next = "done";

  /** Nothing waits for it. A claim that is lost, or a defect, ends the actor. */
  async function begin(effect: SlowEffect): Promise<void> {
    try {
      const result = await performSlowly(parts, owner, effect);
      if (result !== null) owner.mailbox.put(result);
    } catch (err) {
      if (!owner.mailbox.fail(err)) logLeftBehind(parts.ports.log, owner.task(), err);
    }
  }

  return {
    async perform(effect) {
      switch (effect.type) {
        case "record":
        case "find stop":
        case "take commands":
          return performQuickly(parts, owner, effect);
        case "report": {
          const { task, stop } = effect;
          const { outcomes, reporter } = parts;
          reported = await (stop === null ? reporter.report(task) : outcomes.stopped(task, stop));
          const isSettled = reported === "done" && !parts.ports.stopping.aborted;
          return { type: "reported", isSettled };
        }
        case "edit":
          edit = begin(effect);
          return null;
        case "continue in background":
          owner.inBackground.resolve();
          return null;
        case "make room":
          parts.makeRoom(owner.task());
          return null;
        case "let go":
          await owner.session.detach();
          return null;
        case "reopen for commands":
          await parts.reopenForCommands(owner.task());
          return null;
        default:
          void begin(effect);
          return null;
      }
    },
    reported: () => reported,
    edited: () => edit,
  };
}

/** Logs what failed when the actor had left. Whoever has the task by then isn't a defect. */
export function logLeftBehind(log: Ports["log"], { id: taskId }: Task, err: unknown): void {
  if (!(err instanceof LostClaim))
    log.error({ taskId, err }, "work on a session that was left failed");
}

/** What is read from the database, or written to it. */
async function performQuickly(
  { ports }: EffectParts,
  { session, task }: Owner,
  effect: EffectOf<"record" | "find stop" | "take commands">,
): Promise<ActorInput> {
  const { tasks, sessionCommands, log } = ports;
  switch (effect.type) {
    case "record": {
      const { before, after, finished, news } = effect;
      const row = after === before ? before : await record(tasks, before, after);
      if (finished.length > 0) await sessionCommands.done(finished);
      if (news !== null) logNews(log, session, row, news);
      return { type: "recorded", task: row };
    }
    case "find stop":
      return { type: "stop found", stop: await sessionCommands.stopOf(task().id) };
    case "take commands": {
      const { id } = task();
      await assertLease(tasks, task());
      const begun = await sessionCommands.begun(id);
      const commands = await sessionCommands.take(id);
      for (const { type } of commands) {
        log.info({ taskId: id, sessionCommand: type }, "command taken");
      }
      return { type: "taken", begun, commands };
    }
    default:
      return effect satisfies never;
  }
}

type SlowEffect = EffectOf<"deliver" | "read link" | "execute" | "answer" | "collect" | "edit">;

/** What GitHub or the session has to do: null where what comes of it is for whoever has the session next. */
async function performSlowly(
  parts: EffectParts,
  { session, task }: Owner,
  effect: SlowEffect,
): Promise<ActorInput | null> {
  const { ports, reporter } = parts;
  switch (effect.type) {
    case "deliver": {
      const arrival = await session.deliver(effect.prompt, () => isWanted(ports, task()));
      const isTheirs = arrival !== "unwanted" || !(await isTakenAway(ports, task()));
      return { type: "arrived", arrival: isTheirs ? arrival : DISCONNECTED };
    }
    case "read link":
      return { type: "link", url: await session.link(0) };
    case "execute":
      return executeCommand(parts, session, task(), effect);
    case "answer": {
      const { requestId, approved } = effect;
      await assertLease(ports.tasks, task());
      const came = await session.answer(requestId, { approved });
      const verdict = approved ? "approve" : "deny";
      ports.log.info({ taskId: task().id, requestId, verdict, came }, "answered by the policy");
      return { type: "answered", requestId };
    }
    case "collect":
      return collect(parts, session, task());
    case "edit": {
      // The comment is somebody else's once the task is: an edit could put an older state over theirs.
      await assertLease(ports.tasks, effect.task);
      // What was answered while the comment was being edited needs no notice.
      const updated = await reporter.update(effect.task, task);
      return { type: "edited", task: updated, notBefore: reporter.cooldownUntil(updated) };
    }
    default:
      return effect satisfies never;
  }
}

/**
 * While the database doesn't answer, a prompt to the bot's own session is: who follows the session takes the command
 * then. In a session of somebody's own, nothing begins without knowing that they're still connected.
 */
async function isWanted(ports: EffectParts["ports"], task: Task): Promise<boolean> {
  const { id } = task;
  if (await isTakenAway(ports, task)) return false;
  try {
    return (await ports.sessionCommands.stopOf(id)) === null;
  } catch (err) {
    ports.log.warn({ taskId: id, err }, "task may or may not have been stopped");
    return true;
  }
}

/** Whether the session's owner has disconnected their Copilot, or may have. */
async function isTakenAway({ identities, log }: EffectParts["ports"], task: Task) {
  try {
    return await hasDisconnected(identities, task);
  } catch (err) {
    log.warn({ taskId: task.id, err }, "requester may or may not be connected");
    return true;
  }
}

function logNews(log: Ports["log"], session: CloudSession, { id }: Task, news: ActorNews): void {
  const fields = { taskId: id };
  const where = { ...fields, sessionId: session.id };
  switch (news.type) {
    case "session ready":
      log.info(where, "session ready");
      break;
    case "prompt late":
      log.warn(where, "prompt not delivered yet");
      break;
    case "prompt delivered":
      log.info(fields, "prompt delivered");
      break;
    case "prompt not delivered":
      log.warn({ ...fields, ...loggedOf(news.failure) }, "prompt not delivered");
      break;
    default:
      news satisfies never;
  }
}
