import type { ControlName } from "../../core/command/table.ts";
import { CONTROLS } from "../../core/command/table.ts";
import { mayStartSomething } from "../../core/access/gate.ts";
import { renderHelp } from "../../core/comment/help.ts";
import { answerText } from "../../core/comment/command-answer.ts";
import { renderFindings } from "../../core/comment/findings.ts";
import { describePolicy } from "../../core/comment/settings.ts";
import { SETTING_OF_ANSWER } from "../../core/task/denying-setting.ts";
import { isAtLeast } from "../../core/github/role.ts";
import type { GitHubHosts } from "../../core/github/hosts.ts";
import type { Survey } from "../../core/access/survey.ts";
import type { Task } from "../../core/task/task.ts";
import type { Next } from "../../ports/queue.ts";
import { addedInstructions, threadOf } from "../../core/task/task.ts";
import { roleKnown } from "../../core/task/transitions/deciding.ts";
import { answered } from "../../core/task/transitions/ending.ts";
import type { Outcomes } from "../report/outcomes.ts";
import type { Gate, Look } from "./gate.ts";
import type { Ports } from "../../ports/ports.ts";
import { record } from "../lease/record.ts";
import type { Reporter } from "../report/reporter.ts";

/** Answers questions about the bot itself; starts nothing. */
export interface Controls {
  answer(task: Task, command: ControlName): Promise<Next>;
}

interface Parts {
  readonly ports: Ports;
  readonly gate: Gate;
  readonly outcomes: Outcomes;
  readonly reporter: Reporter;
  readonly hosts: Pick<GitHubHosts, "connect">;
}

/** Those are answered who may start something, or who could change the policy that keeps them from it. */
export function createControls({ ports, gate, outcomes, reporter, hosts }: Parts): Controls {
  const answering = { ...ports, hosts, changePlaces: gate.changePlaces };
  return {
    async answer(task, command) {
      const looked = await gate.look(task);
      if (looked.type === "halted") return looked.next;
      const { value: look } = looked;
      const { survey } = look.facts;
      const seen = await record(ports.tasks, task, roleKnown(task, survey.role));
      if (!isAnswered(seen, command, look)) {
        return outcomes.denied(seen, { reason: "no_permission", least: "write" }, false);
      }
      if (isForMaintainers(command) && look.unknownAccount !== null) {
        return outcomes.failed(await outcomes.granted(seen), look.unknownAccount);
      }
      const found = await outcomes.guard(seen, () => answerTo(command, answering, seen, look));
      if (found.type === "halted") return found.next;
      const granted = await outcomes.granted(seen);
      return reporter.report(await record(ports.tasks, granted, answered(granted, found.value)));
    },
  };
}

function isAnswered(task: Task, command: ControlName, { facts, reading }: Look): boolean {
  const mayAsk = isAtLeast(facts.survey.role, "write");
  if (reading.type === "problems") return mayAsk;
  return (!isForMaintainers(command) && mayAsk) || mayStartSomething(task, facts, reading.policy);
}

function isForMaintainers(command: ControlName): boolean {
  return CONTROLS[command].who === "maintainers";
}

/** What answers are found with. */
interface Answering extends Ports {
  readonly hosts: Pick<GitHubHosts, "connect">;
  readonly changePlaces: Gate["changePlaces"];
}

type Answer = (ports: Answering, task: Task, look: Look) => Promise<string>;

/** The answer to each command; to one for maintainers, what anybody else may learn comes first. */
interface AnswerTo {
  readonly starters: Answer;
  readonly maintainers: {
    /** Why it makes no sense, whoever asks; null when it does. */
    readonly refusal: (...asked: Parameters<Answer>) => string | null;
    readonly answer: Answer;
  };
}

function answerTo(command: ControlName, ports: Answering, task: Task, look: Look): Promise<string> {
  const found: AnswerTo[keyof AnswerTo] = ANSWERS[command];
  if (typeof found === "function") return found(ports, task, look);
  const refusal = found.refusal(ports, task, look);
  if (refusal !== null) return Promise.resolve(refusal);
  const isMaintainer = isAtLeast(look.facts.survey.role, "maintain");
  if (!isMaintainer) return Promise.resolve(answerText({ type: "not_a_maintainer" }));
  return found.answer(ports, task, look);
}

const ANSWERS: {
  readonly [Name in ControlName]: AnswerTo[(typeof CONTROLS)[Name]["who"]];
} = {
  help: async ({ github }, _task, { reading }) =>
    reading.type === "policy"
      ? renderHelp(reading.policy, await github.slug.asked())
      : reading.problems,
  config: (_ports, _task, { reading, facts }) =>
    Promise.resolve(
      reading.type === "policy"
        ? describePolicy(
            reading.policy,
            reading.sources,
            versionsOf(facts.survey),
            reading.gaps,
            reading.deprecations,
          )
        : reading.problems,
    ),
  doctor: async ({ doctor }, task) => renderFindings(await doctor(task)),
  connect: async ({ hosts: { connect: url }, identities }, { requester }) => {
    if (url === null) return answerText({ type: "cannot_connect" });
    const isConnected = await identities.isConnected(requester.id);
    return answerText({ type: "connect", url, isConnected });
  },
  disconnect: async ({ identities }, { requester }) => {
    const wasConnected = await identities.disconnect(requester.id);
    return answerText({ type: "disconnected", wasConnected });
  },
  ok: { refusal: noApproval, answer: approve },
};

function versionsOf({ policy: { repository, organization } }: Survey) {
  return {
    repository: repository.file === null ? null : repository.commit,
    organization: organization?.file ? organization.commit : null,
    organizationVisible: organization !== null,
  };
}

/** Why there is no commit to approve; null when there is one. */
function noApproval({ changePlaces }: Answering, task: Task, look: Look): string | null {
  const { reading, facts } = look;
  if (reading.type === "problems") return reading.problems;
  const { pull } = facts.survey.subject;
  if (pull === null || !pull.fromFork) return answerText({ type: "no_fork" });
  const { forks } = reading.policy;
  if (forks === "allow-after-ok") return null;
  const change = changePlaces(task, look, SETTING_OF_ANSWER.forks_decided);
  return answerText({ type: "forks_decided", forks }, change);
}

/**
 * Lets Copilot work on the head commit of a pull request from a fork. The maintainer has seen the commit
 * that the bot's refusal named, or names one: what was pushed since is not meant.
 */
async function approve({ approvals }: Ports, task: Task, { facts }: Look): Promise<string> {
  const commit = facts.survey.subject.pull?.head.commit ?? "";
  const [named] = addedInstructions(task).split(/\s/u);
  const meant =
    named === undefined || named === "" ? await approvals.askedAbout(threadOf(task)) : named;
  // The beginning of a commit's name can be forged.
  if (meant !== commit) return answerText({ type: "other_commit", commit });
  await approvals.approve(threadOf(task), commit, task);
  return answerText({ type: "commit_approved", commit });
}
