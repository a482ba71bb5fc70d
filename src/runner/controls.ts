import type { ControlName } from "../core/command.ts";
import { isControl } from "../core/command.ts";
import { mayStartSomething } from "../core/gate.ts";
import { renderHelp } from "../core/help.ts";
import { renderFindings } from "../core/finding.ts";
import { describePolicy } from "../core/policy/describe.ts";
import { isAtLeast } from "../core/role.ts";
import type { Survey } from "../core/survey.ts";
import type { Task } from "../core/task.ts";
import type { Ending, Next } from "./ending.ts";
import type { Gate, Look } from "./gate.ts";
import type { Ports } from "./ports.ts";
import { record } from "./record.ts";
import type { Reporter } from "./reporter.ts";

/** Answers questions about the bot itself; starts nothing. */
export interface Controls {
  answer(task: Task): Promise<Next>;
}

interface Parts {
  readonly ports: Ports;
  readonly gate: Gate;
  readonly ending: Ending;
  readonly reporter: Reporter;
}

/** Those are answered who may start something, or who could change the policy that keeps them from it. */
export function createControls({ ports, gate, ending, reporter }: Parts): Controls {
  return {
    async answer(task) {
      const looked = await gate.look(task);
      if ("next" in looked) return looked.next;
      const { value: look } = looked;
      const { survey } = look.facts;
      const seen = await record(ports.tasks, task, { requesterRole: survey.role });
      if (!isAnswered(seen, look)) {
        return ending.denied(seen, { reason: "no_permission", least: "write" }, false);
      }
      const { command } = seen;
      if (!isControl(command)) throw new TypeError(`task ${task.id} has no command of the bot's`);
      const answered = await ending.guard(seen, () => ANSWERS[command](ports, seen, look));
      if ("next" in answered) return answered.next;
      const changes = { answer: answered.value, state: "completed" } as const;
      return reporter.report(await record(ports.tasks, seen, changes));
    },
  };
}

function isAnswered(task: Task, { facts, reading }: Look): boolean {
  const mayAsk = isAtLeast(facts.survey.role, "write");
  if (!("policy" in reading)) return mayAsk;
  return (task.command !== "ok" && mayAsk) || mayStartSomething(task, facts, reading.policy);
}

type Answer = (ports: Ports, task: Task, look: Look) => Promise<string>;

const ANSWERS: Record<ControlName, Answer> = {
  help: (_ports, _task, { reading }) =>
    Promise.resolve("policy" in reading ? renderHelp(reading.policy) : reading.problems),
  config: (_ports, _task, { reading, facts }) =>
    Promise.resolve(
      "policy" in reading
        ? describePolicy(reading.policy, reading.sources, versionsOf(facts.survey))
        : reading.problems,
    ),
  doctor: async ({ doctor }, task) => renderFindings(await doctor(task)),
  ok: approve,
};

function versionsOf({ policy: { repository, organisation } }: Survey) {
  return {
    repository: repository.file === null ? null : repository.commit,
    organisation: organisation?.file ? organisation.commit : null,
    organisationVisible: organisation !== null,
  };
}

/**
 * Lets Copilot work on the head commit of a pull request from a fork. The maintainer has seen the commit
 * that the bot's refusal named, or names one: what was pushed since is not meant.
 */
async function approve({ approvals }: Ports, task: Task, look: Look): Promise<string> {
  const { survey } = look.facts;
  const { pull } = survey.subject;
  if (pull === null || !pull.fromFork) return "Only pull requests from forks need this.";
  if (!("policy" in look.reading)) return look.reading.problems;
  const { forks } = look.reading.policy;
  if (forks !== "allow-after-ok") {
    return `The policy says \`forks: ${forks}\` here, so this changes nothing.`;
  }
  if (!isAtLeast(survey.role, "maintain")) {
    return "Only people with maintain or administrator access can let Copilot work on a pull request from a fork.";
  }
  const { commit } = pull.head;
  const [named] = task.instructions.split(/\s/u);
  const meant = named === undefined || named === "" ? await approvals.askedAbout(task) : named;
  // The beginning of a commit's name can be forged.
  if (meant !== commit) {
    return `The head commit is now \`${commit.slice(0, 7)}\`. Look at it, then write \`/copilot ok ${commit}\`.`;
  }
  await approvals.approve(task, commit, task);
  return `Copilot may work on commit \`${commit.slice(0, 7)}\` of this pull request. Ask for the task again: set the label anew, or write the command. A new push asks for a new look.`;
}
