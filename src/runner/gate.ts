import type { Decision, Facts, Teams } from "../core/gate.ts";
import { decide, decideWithoutPolicy, teamsToAsk } from "../core/gate.ts";
import type { Policy } from "../core/policy/policy.ts";
import type { Survey } from "../core/survey.ts";
import type { Task } from "../core/task.ts";
import type { Ending, Next } from "./ending.ts";
import type { Policies, Reading } from "./policies.ts";
import type { Ports } from "./ports.ts";
import { record } from "./record.ts";

/** A task that may go on, with what is known of it. */
export interface Admitted {
  readonly task: Task;
  readonly survey: Survey;
  readonly policy: Policy;
}

/** The task may go on, or this is all there is to do for it now. */
export type Admission = { readonly admitted: Admitted } | { readonly next: Next };

/** What was found out about a task, as of now. */
export interface Look {
  readonly facts: Facts & { readonly survey: Survey };
  readonly reading: Reading;
}

/** Lets a task pass, or ends it. */
export interface Gate {
  admit(task: Task): Promise<Admission>;
  look(task: Task): Promise<{ readonly value: Look } | { readonly next: Next }>;
}

/** What was found out so lately is taken as it is: a task that did not wait asks GitHub only once. */
const FRESH_MS = 2_000;

/** The gate: it decides about the requester, on facts fetched now. */
export function createGate(ports: Ports, ending: Ending, policies: Policies): Gate {
  const { tasks, now } = ports;
  const recent = new Map<
    string,
    { readonly at: number; readonly admitted: Omit<Admitted, "task"> }
  >();

  const look: Gate["look"] = (task) => ending.guard(task, () => findOut(ports, policies, task));

  async function judge(task: Task, { facts, reading }: Look): Promise<Admission> {
    const decision =
      "policy" in reading
        ? decide(task, facts, reading.policy)
        : decideWithoutPolicy(task, facts, reading.problems);
    const seen = await record(tasks, task, seenIn(facts.survey, decision));
    if (!decision.allowed) return { next: await refuse(seen, decision) };
    if (!("policy" in reading)) throw new TypeError(`task ${task.id} was allowed by no policy`);
    return { admitted: { task: seen, survey: facts.survey, policy: reading.policy } };
  }

  function refuse(task: Task, decision: Extract<Decision, { allowed: false }>): Promise<Next> {
    if (decision.denial === null) return ending.cancelled(task, "label_without_meaning");
    return ending.denied(task, decision.denial, decision.aloud);
  }

  return {
    look,
    async admit(task) {
      const { at, admitted } = recent.get(task.id) ?? { at: 0 };
      recent.delete(task.id);
      if (admitted !== undefined && now().getTime() - at < FRESH_MS) {
        return { admitted: { ...admitted, task } };
      }
      const looked = await look(task);
      if ("next" in looked) return looked;
      const admission = await judge(task, looked.value);
      // Only the look before the start is worth remembering.
      if ("admitted" in admission && task.acknowledgedAt === null) {
        const seenAt = now().getTime();
        // With several replicas another one may start the task.
        for (const [id, known] of recent) if (seenAt - known.at > FRESH_MS) recent.delete(id);
        recent.set(task.id, { at: seenAt, admitted: admission.admitted });
      }
      return admission;
    },
  };
}

/** What the row keeps of a look. */
function seenIn({ role, policy, subject }: Survey, decision: Decision) {
  const common = {
    requesterRole: role,
    policyCommit: policy.repository.commit,
    defaultsCommit: policy.organisation?.commit ?? null,
  };
  if (decision.allowed) return { ...common, ...decision.place, kind: decision.kind };
  // The refusal names the commit that a maintainer may let pass.
  const asksForOk = decision.denial?.reason === "fork_without_ok";
  return asksForOk ? { ...common, commit: subject.pull?.head.commit ?? null } : common;
}

async function findOut(ports: Ports, policies: Policies, task: Task): Promise<Look> {
  const { github, approvals } = ports;
  const survey = await github.survey(task);
  const reading = policies.read(task, survey);
  const unasked = { teams: new Map(), namedAt: new Map() };
  const facts = { survey, ...unasked, headApproved: false, issueBranch: null };
  if (!("policy" in reading)) return { reading, facts };
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
      headApproved: asksApproval && head !== undefined && (await approvals.isApproved(task, head)),
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
    const [organisation = "", team = ""] = name.split("/");
    return [name, await github.membership(task, organisation, team)] as const;
  });
  return new Map(await Promise.all(answers));
}
