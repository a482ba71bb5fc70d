import type { CommandDenial } from "../../core/access/command-access.ts";
import { denialOfCommand, needsKnownAccount } from "../../core/access/command-access.ts";
import { isGuest, refusalOfGuest } from "../../core/actor/guest.ts";
import { refusalOfCommand } from "../../core/actor/refused-command.ts";
import { namedTask } from "../../core/command/named-task.ts";
import type { SessionCommandName } from "../../core/command/table.ts";
import type { CommandAnswer } from "../../core/comment/command-answer.ts";
import { answerText } from "../../core/comment/command-answer.ts";
import { isAtLeast } from "../../core/github/role.ts";
import { denyingSetting, SETTING_OF_ANSWER } from "../../core/task/denying-setting.ts";
import type { Policy } from "../../core/policy/policy.ts";
import type { ChangePlaces } from "../../core/task/denial.ts";
import { meantTask } from "../../core/task/meant-task.ts";
import type { Task } from "../../core/task/task.ts";
import { addedInstructions, threadOf } from "../../core/task/task.ts";
import { retrying, roleKnown } from "../../core/task/transitions/deciding.ts";
import { answered } from "../../core/task/transitions/ending.ts";
import { postponed } from "../../core/task/transitions/showing.ts";
import { isUndecidedBefore, undecidedPauseMs } from "../../core/task/undecided.ts";
import type { Ports } from "../../ports/ports.ts";
import type { RetryRecord } from "../../ports/tasks.ts";
import { lostClaimOf, record } from "../lease/record.ts";
import type { Gate, Look } from "../receive/gate.ts";
import type { Halted } from "../report/outcomes.ts";
import type { Reporter } from "../report/reporter.ts";
import type { PassOnParts } from "./pass-on.ts";
import { passOn } from "./pass-on.ts";

/** What tries a task again. */
interface Retried {
  readonly type: "retry";
  /** To be admitted as any other. */
  readonly task: Task;
  /** What was found out about it: GitHub isn't asked twice. */
  readonly looked: Look;
}

/** Takes in the commands that people give to the tasks of a thread. */
export interface RemoteControl {
  /** For `retry` a task to be admitted as any other; else what is next for the command's own task. */
  take(task: Task, command: SessionCommandName): Promise<Retried | Halted>;
}

interface Parts extends PassOnParts {
  readonly gate: Gate;
  readonly reporter: Reporter;
}

/** Who asked for a task, and who could have, may steer it; from its own thread only. */
export function createRemoteControl(parts: Parts): RemoteControl {
  const { ports, gate, outcomes, reporter } = parts;

  async function answer(
    task: Task,
    given: CommandAnswer,
    change: ChangePlaces | null = null,
  ): Promise<Halted> {
    const replied = await record(ports.tasks, task, answered(task, answerText(given, change)));
    return { type: "halted", next: await reporter.report(replied) };
  }

  /** What was asked for before it may be what's to be tried again, or the same retry. */
  async function hasUndecidedBefore(task: Task): Promise<boolean> {
    const others = await ports.tasks.siblingTasks(task);
    return others.some((other) => isUndecidedBefore(task, other));
  }

  async function postpone(task: Task): Promise<Halted> {
    const now = ports.now();
    const afterMs = undecidedPauseMs(task, now);
    const notBefore = new Date(now.getTime() + afterMs).toISOString();
    await record(ports.tasks, task, postponed(task, notBefore));
    return { type: "halted", next: { afterMs, lane: "receive" } };
  }

  return {
    async take(task, command) {
      if (command === "retry" && (await hasUndecidedBefore(task))) return postpone(task);
      const looked = await gate.look(task);
      if (looked.type === "halted") return looked;
      const { role } = looked.value.facts.survey;
      const known = await record(ports.tasks, task, roleKnown(task, role));
      const seen = await outcomes.granted(known);
      const { target, words, unclear } = await meantBy(ports, command, task);
      const policy = policyIn(looked.value);
      const denied = denialOfCommand(command, seen, target, { facts: looked.value.facts, policy });
      if (denied !== null) return deny(parts, seen, looked.value, denied);
      const { unknownAccount } = looked.value;
      if (unknownAccount !== null && needsKnownAccount(command, seen, target)) {
        return { type: "halted", next: await outcomes.failed(seen, unknownAccount) };
      }
      if (unclear !== null) return answer(seen, unclear);
      if (target === null) return answer(seen, { type: "no_task" });
      const byGuest = isGuest(seen, target, policy?.steering ?? null);
      const refusal =
        refusalOfCommand(command, target, words) ??
        (byGuest ? refusalOfGuest(command, target) : null);
      if (refusal !== null) {
        return answer(seen, refusal, answerChange(gate, seen, looked.value, { target, refusal }));
      }
      if (command === "retry") {
        const retried = await retry(ports, seen, target, words);
        if (retried.type === "lost") throw lostClaimOf(seen);
        return retried.type === "retried"
          ? answer(seen, { ...retried, id: target.id })
          : { type: "retry", task: retried.task, looked: looked.value };
      }
      return {
        type: "halted",
        next: await passOn(parts, seen, { command, target, words, byGuest }),
      };
    },
  };
}

/** The refusal is as exact as that of a task: whoever can read it can read the thread. */
async function deny(
  { gate, outcomes }: Parts,
  task: Task,
  looked: Look,
  { denial, scope }: CommandDenial,
): Promise<Halted> {
  const change =
    scope === null ? null : gate.changePlaces(task, looked, denyingSetting(denial), scope);
  const isHeard = isAtLeast(looked.facts.survey.role, "triage");
  return { type: "halted", next: await outcomes.denied(task, denial, isHeard, change) };
}

/** Where the policy can be changed that's behind an answer; null where it isn't. */
function answerChange(
  gate: Gate,
  task: Task,
  looked: Look,
  { target, refusal: { type } }: { readonly target: Task; readonly refusal: CommandAnswer },
): ChangePlaces | null {
  if (type !== "owners_only" && type !== "never_shared") return null;
  const scope = { kind: target.decision.kind ?? "", trigger: "command" } as const;
  return gate.changePlaces(task, looked, SETTING_OF_ANSWER[type], scope);
}

interface Meant {
  readonly target: Task | null;
  readonly words: string;
  /** Why it is not clear which task is meant; null when it is, or when there is none. */
  readonly unclear: CommandAnswer | null;
}

/** A command that names a task is for that task, or for none. */
async function meantBy({ tasks }: Ports, command: SessionCommandName, task: Task): Promise<Meant> {
  const { id, text } = namedTask(command, addedInstructions(task));
  const thread = threadOf(task);
  if (id === null) {
    const target = meantTask(command, await tasks.newest(thread));
    return { target, words: text, unclear: null };
  }
  const found = await tasks.findNamed(thread, id);
  const [named] = found;
  if (found.length === 1 && named !== undefined && named.decision.kind !== null) {
    return { target: named, words: text, unclear: null };
  }
  const listed = await tasks.list(thread);
  const unclear = { type: "not_named", command, id, found, listed } as const;
  return { target: null, words: text, unclear };
}

/** Null while it can't be read. */
function policyIn({ reading }: Look): Policy | null {
  return reading.type === "policy" ? reading.policy : null;
}

/**
 * The command's own task takes over what the failed one was to do; the words of somebody without write
 * access do not become those of who tries again.
 */
function retry(
  { tasks }: Pick<Ports, "tasks">,
  task: Task,
  target: Task,
  words: string,
): Promise<RetryRecord> {
  const isTrusted = isAtLeast(target.requester.role ?? "none", "write");
  const more = words.trim();
  return tasks.recordRetry(task, retrying(task, target, { more, isTrusted }));
}
