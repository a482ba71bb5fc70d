import type { Denial } from "../../core/task/denial.ts";
import type { Failure } from "../../core/task/failure.ts";
import type { Decision } from "../../core/access/gate.ts";
import type { Facts, Teams } from "../../core/access/facts.ts";
import { decide, decideWithoutPolicy, teamsToAsk } from "../../core/access/gate.ts";
import { denyingSetting } from "../../core/task/denying-setting.ts";
import type { IdentityChoice } from "../../core/policy/identity-choice.ts";
import type { Policy } from "../../core/policy/policy.ts";
import { identityOf } from "../../core/policy/policy.ts";
import type { Sources } from "../../core/policy/sources.ts";
import type { Placement } from "../../core/policy/placement.ts";
import { placementOf } from "../../core/policy/placement.ts";
import { isAtLeast } from "../../core/github/role.ts";
import type { SharedAccount } from "../../core/access/shared-account.ts";
import { failureToKnow } from "../../core/access/shared-account.ts";
import type { Survey } from "../../core/access/survey.ts";
import type { Task } from "../../core/task/task.ts";
import type { Next } from "../../ports/queue.ts";
import { threadOf } from "../../core/task/task.ts";
import type { Judgment } from "../../core/task/transitions/deciding.ts";
import { judged } from "../../core/task/transitions/deciding.ts";
import type { FindChangePlaces } from "./change-places.ts";
import { changePlaces } from "./change-places.ts";
import type { Guarded, Halted, Outcomes } from "../report/outcomes.ts";
import type { Policies, PolicyReading } from "./policies.ts";
import type { Ports } from "../../ports/ports.ts";
import { record } from "../lease/record.ts";

/** A task that may continue, with what is known of it. */
export interface Admitted {
  readonly task: Task;
  readonly survey: Survey;
  readonly policy: Policy;
  /** Where each setting of the policy comes from. */
  readonly sources: Sources;
  readonly placement: Placement;
}

/** The task may continue, or this is all there is to do for it now. */
export type Admission = { readonly type: "admitted"; readonly admitted: Admitted } | Halted;

/** What was found out about a task, as of now. */
export interface Look {
  readonly facts: Facts & { readonly survey: Survey };
  readonly reading: PolicyReading;
  /** Why nobody knows whether the requester is the bot's own account; null where it is known. */
  readonly unknownAccount: Failure | null;
}

/** Lets a task pass, or ends it. */
export interface Gate {
  /** @param looked what was found out about the task just now, if it was */
  admit(task: Task, looked?: Look): Promise<Admission>;
  look(task: Task): Promise<Guarded<Look>>;
  /** Where the policy can be changed so that a setting doesn't deny this; null where none of its does. */
  readonly changePlaces: FindChangePlaces;
}

/** The gate: it decides about the requester, on facts fetched now. */
export function createGate(ports: Ports, outcomes: Outcomes, policies: Policies): Gate {
  const { tasks } = ports;

  const look: Gate["look"] = async (task) => {
    const asked = await outcomes.guard(task, () => ports.identities.accounts());
    if (asked.type === "halted") return asked;
    const accounts = asked.value;
    const barred = denialOfAccount(task, accounts);
    if (barred !== null) return { type: "halted", next: await outcomes.denied(task, barred, true) };
    const surveyed = await outcomes.guard(task, () => findOut(ports, policies, task));
    if (surveyed.type === "halted") return surveyed;
    const unknownAccount = accounts.map(failureToKnow).find((failure) => failure !== null) ?? null;
    const found = { ...surveyed.value, unknownAccount };
    const denial = denialOfApp(task, found);
    if (denial === null) return { type: "value", value: found };
    const isHeard = isAtLeast(found.facts.survey.role, "triage");
    const granted = await outcomes.granted(task);
    const places = changePlaces(policies, task, found, denyingSetting(denial));
    return { type: "halted", next: await outcomes.denied(granted, denial, isHeard, places) };
  };

  async function judge(task: Task, looked: Look): Promise<Admission> {
    const { facts, reading, unknownAccount } = looked;
    const { decision, identity, placement } =
      reading.type === "policy"
        ? choose(ports, task, facts, reading.policy)
        : without(decideWithoutPolicy(task, facts, reading.problems));
    const judgment = judgmentOf(facts.survey, decision, identity);
    const seen = await record(tasks, task, judged(task, judgment));
    if (!decision.allowed) {
      const granted = await outcomes.granted(seen);
      return {
        type: "halted",
        next: await refuse({ outcomes, policies }, granted, looked, decision),
      };
    }
    // With people's own Copilot, the bot's account has nothing that it could spend.
    if (unknownAccount !== null && identity !== "requester") {
      const granted = await outcomes.granted(seen);
      return { type: "halted", next: await outcomes.failed(granted, unknownAccount) };
    }
    if (reading.type === "problems" || placement === null)
      throw new TypeError(`task ${task.id} was allowed by no policy`);
    const { policy, sources } = reading;
    const admitted = { task: seen, survey: facts.survey, policy, sources, placement };
    return { type: "admitted", admitted };
  }

  return {
    look,
    changePlaces: (...about) => changePlaces(policies, ...about),
    async admit(task, known) {
      if (known !== undefined) return judge(task, known);
      const looked = await look(task);
      return looked.type === "halted" ? looked : judge(task, looked.value);
    },
  };
}

/** Ends a task that isn't let pass. */
function refuse(
  { outcomes, policies }: { readonly outcomes: Outcomes; readonly policies: Policies },
  task: Task,
  looked: Look,
  decision: Extract<Decision, { allowed: false }>,
): Promise<Next> {
  if (decision.denial === null) {
    const isLabel = task.trigger.type === "label";
    return outcomes.canceled(task, isLabel ? "label_without_meaning" : "command_misplaced");
  }
  const { denial, replyPublicly } = decision;
  return outcomes.denied(
    task,
    denial,
    replyPublicly,
    changePlaces(policies, task, looked, denyingSetting(denial)),
  );
}

/** An agent could ask in the name of an account that sessions use. */
function denialOfAccount({ requester }: Task, accounts: readonly SharedAccount[]): Denial | null {
  const account = accounts.find((one) => one?.type === "account" && one.id === requester.id);
  if (account?.type !== "account") return null;
  return { reason: "copilot_account", login: account.login };
}

/** Through an App that the policy does not name, nobody can ask for anything. */
function denialOfApp(
  { trigger, session }: Task,
  { reading }: Pick<Look, "reading">,
): Denial | null {
  // Of what has a session already, it was decided before.
  if (trigger.type === "label" || session.intentAt !== null) return null;
  const { viaApp } = trigger;
  if (viaApp === null) return null;
  const isTrusted = reading.type === "policy" && reading.policy.trustedApps.includes(viaApp);
  return isTrusted ? null : { reason: "app_not_trusted", app: viaApp };
}

/** A decision, and what was chosen for a task that's let pass; null for any other. */
interface Choice {
  readonly decision: Decision;
  readonly identity: IdentityChoice | null;
  readonly placement: Placement | null;
}

function without(decision: Decision): Choice {
  return { decision, identity: null, placement: null };
}

function deniedPublicly(denial: Denial): Choice {
  return without({ allowed: false, denial, replyPublicly: true });
}

/** Whose Copilot an admitted task uses, and where it runs; where there's neither, it isn't admitted. */
function choose(ports: Ports, task: Task, facts: Look["facts"], policy: Policy): Choice {
  const decision = decide(task, facts, policy);
  if (!decision.allowed) return without(decision);
  const { kind } = decision;
  const chosen = ports.identities.choose(identityOf(policy, kind));
  if (chosen.type === "denied") return deniedPublicly(chosen.denial);
  const fromFork = facts.survey.subject.pull?.fromFork === true;
  const allowed = ports.sessionHost === null ? null : ports.selfHosting;
  const placement = placementOf(policy, { ...task.place, kind, fromFork }, allowed);
  if (placement.type === "refused") return deniedPublicly(placement.denial);
  return { decision, identity: chosen.identity, placement };
}

/** What the task keeps of a look. */
function judgmentOf(
  { role, policy, subject }: Survey,
  decision: Decision,
  identity: IdentityChoice | null,
): Judgment {
  // The refusal names the commit that a maintainer may let pass.
  const asksForOk = !decision.allowed && decision.denial?.reason === "fork_without_ok";
  return {
    role,
    policyCommit: policy.repository.commit,
    defaultsCommit: policy.organization?.commit ?? null,
    admitted: decision.allowed ? { kind: decision.kind, place: decision.place, identity } : null,
    refusedCommit: asksForOk ? (subject.pull?.head.commit ?? null) : null,
  };
}

async function findOut(ports: Ports, policies: Policies, task: Task) {
  const { github, approvals } = ports;
  const survey = await github.survey(task);
  const reading = policies.read(task, survey);
  const unasked = { teams: new Map(), namedAt: new Map() };
  const facts = { survey, ...unasked, headApproved: false, issueBranch: null };
  if (reading.type === "problems") return { reading, facts };
  const { policy } = reading;
  const { pull } = survey.subject;
  const head = pull?.head.commit;
  const { issues } = policy.branches;
  const asksApproval = policy.forks === "allow-after-ok" && pull?.fromFork === true;
  const teams = await membershipsOf(ports, task, teamsToAsk(task, survey.role, policy));
  return {
    reading,
    facts: {
      survey,
      teams,
      namedAt: new Map(
        [...teams.keys()].map((team) => [team, policies.placesOf(task, survey, team)]),
      ),
      headApproved:
        asksApproval && head !== undefined && (await approvals.isApproved(threadOf(task), head)),
      issueBranch: pull === null && issues !== null ? await github.branch(task, issues) : null,
    },
  };
}

async function membershipsOf(
  { github }: Ports,
  task: Task,
  teams: readonly string[],
): Promise<Teams> {
  const answers = teams.map(async (name) => {
    const [organization = "", team = ""] = name.split("/");
    return [name, await github.membership(task, organization, team)] as const;
  });
  return new Map(await Promise.all(answers));
}
