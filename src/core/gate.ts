import { CONTROLS, ORDERS } from "./command.ts";
import type { Denial, FilePlace, MissingTeam } from "./denial.ts";
import { nearestWord } from "./nearest.ts";
import type { Permission, Policy, TriggerType } from "./policy/policy.ts";
import { kindOfLabel, matchesEligible, permissionFor } from "./policy/policy.ts";
import type { Role } from "./role.ts";
import { isAtLeast } from "./role.ts";
import type { Place, Survey } from "./survey.ts";
import type { Task } from "./task.ts";

/** What somebody asked for. */
export type Asked = Pick<Task, "triggerLabel" | "command" | "requester" | "kind" | "retryOf">;

/**
 * What the requester is in a team. `missing`: GitHub knows no team of this name. `unreadable`: the App may
 * not know.
 */
export type Membership = "member" | "not a member" | "missing" | "unreadable";

/** Of the requester, by `organisation/slug` in small letters. */
export type Teams = ReadonlyMap<string, Membership>;

/** All that the gate decides on. */
export interface Facts {
  readonly survey: Pick<Survey, "role" | "archived" | "defaultBranch" | "subject">;
  /** Those that were asked about. */
  readonly teams: Teams;
  /** Where the policy files name the teams that are missing, by `organisation/slug`. */
  readonly namedAt: ReadonlyMap<string, readonly FilePlace[]>;
  /** Whether a maintainer has let Copilot work on the head commit of the pull request. */
  readonly headApproved: boolean;
  /** The branch that the policy names for issues; null where there is none of this name. */
  readonly issueBranch: Place | null;
}

export type Decision =
  | { readonly allowed: true; readonly kind: string; readonly place: Place }
  /** Not `aloud`: strangers' commands are answered by a reaction alone, so that nobody can make the bot talk. */
  | { readonly allowed: false; readonly denial: Denial; readonly aloud: boolean }
  /** A label that begins as those that start tasks do, and that the policy does not know. */
  | { readonly allowed: false; readonly denial: null };

/** How something was asked for. */
function triggerTypeOf({ triggerLabel }: Asked): TriggerType {
  return triggerLabel === null ? "command" : "label";
}

/** The kind of task that is asked for; null when the policy knows no such label or command. */
function kindOf(asked: Asked, policy: Policy): string | null {
  const { triggerLabel, command, kind, retryOf } = asked;
  // What is tried again is of the kind that it was, if there still is such a kind.
  if (retryOf !== null) return kind !== null && policy.prompts.has(kind) ? kind : null;
  if (triggerLabel !== null) return kindOfLabel(policy, triggerLabel);
  return policy.commands.get(command ?? "")?.kind ?? null;
}

/** Whether this requester may start a session on this subject. */
export function decide(asked: Asked, facts: Facts, policy: Policy): Decision {
  const kind = kindOf(asked, policy);
  if (kind === null) return asked.triggerLabel === null ? unknown(asked, facts, policy) : LABEL;
  const permission = permissionTo(asked, policy, kind);
  const person = denialOfPerson(asked, facts, permission);
  if (person !== null) return { allowed: false, denial: person, aloud: isHeard(asked, facts) };
  const place = placeFor(facts, policy);
  if ("reason" in place) return { allowed: false, denial: place, aloud: true };
  return { allowed: true, kind, place };
}

const LABEL = { allowed: false, denial: null } as const;

/** When the policy cannot be read nothing starts; who may not start anything anyway is not told why. */
export function decideWithoutPolicy(asked: Asked, facts: Facts, problems: string): Decision {
  const denial = { reason: "policy_wrong", problems } as const;
  const aloud = asked.triggerLabel !== null || isAtLeast(facts.survey.role, "write");
  return { allowed: false, denial, aloud };
}

/** Whoever can set labels is answered; others' commands are not. */
function isHeard({ triggerLabel }: Asked, { survey }: Facts): boolean {
  return triggerLabel !== null || isAtLeast(survey.role, "triage");
}

function unknown(asked: Asked, facts: Facts, policy: Policy): Decision {
  const name = asked.command ?? "";
  const denial = {
    reason: "unknown_command",
    name,
    nearest: nearestCommand(name, policy),
  } as const;
  return { allowed: false, denial, aloud: mayStartSomething(asked, facts, policy) };
}

/** Whether this person may steer a task of a kind: who might have asked for it. */
export function maySteer(asked: Asked, facts: Facts, policy: Policy, kind: string): boolean {
  return denialOfPerson(asked, facts, permissionToSteer(policy, kind)) === null;
}

/** A kind that no command starts is started by labels, and so are they who steer it. */
function permissionToSteer(policy: Policy, kind: string): Permission {
  const hasCommand = policy.commands.values().some((command) => command.kind === kind);
  const hasLabel = policy.labels.values().some((labelled) => labelled === kind);
  return permissionFor(policy, kind, hasCommand || !hasLabel ? "command" : "label");
}

function permissionTo(asked: Asked, policy: Policy, kind: string): Permission {
  return asked.retryOf === null
    ? permissionFor(policy, kind, triggerTypeOf(asked))
    : permissionToSteer(policy, kind);
}

/** Every way of starting something here. */
function waysIn(policy: Policy): readonly Permission[] {
  return [
    ...policy.labels.values().map((kind) => permissionFor(policy, kind, "label")),
    ...policy.commands.values().map(({ kind }) => permissionFor(policy, kind, "command")),
  ];
}

/** Whether this person may start at least one kind of task, in one way: such people are answered. */
export function mayStartSomething(asked: Asked, facts: Facts, policy: Policy): boolean {
  return waysIn(policy).some((permission) => denialOfPerson(asked, facts, permission) === null);
}

/** The teams that have to be asked about before it can be decided about somebody of this role. */
export function teamsToAsk(asked: Asked, role: Role, policy: Policy): readonly string[] {
  const kind = kindOf(asked, policy);
  const ways = kind === null ? waysIn(policy) : [permissionTo(asked, policy, kind)];
  const open = ways.filter(({ least }) => isAtLeast(role, least));
  const lists = open.flatMap(({ allow, deny }) => allow.concat(deny));
  return [...new Set(lists.flatMap(({ teams }) => teams))];
}

function denialOfPerson(
  { requester }: Asked,
  facts: Facts,
  { least, allow, deny }: Permission,
): Denial | null {
  const login = requester.toLowerCase();
  if (deny.users.includes(login)) return { reason: "denied_by_name" };
  if (!isAtLeast(facts.survey.role, least)) return { reason: "no_permission", least };
  const denied = membershipsIn(deny.teams, facts);
  if (denied.has("member")) return { reason: "denied_by_name" };
  // Nobody can tell who was meant: rather nobody than those who were to be kept out.
  if (denied.has("missing")) {
    return { reason: "team_missing", missing: missingOf(deny.teams, facts) };
  }
  if (denied.has("unreadable")) return { reason: "teams_unreadable" };
  for (const people of allow) {
    const allowed = membershipsIn(people.teams, facts);
    if (people.users.includes(login) || allowed.has("member")) continue;
    if (allowed.has("unreadable")) return { reason: "teams_unreadable" };
    return { reason: "not_on_the_list", missing: missingOf(people.teams, facts) };
  }
  return null;
}

function membershipsIn(names: readonly string[], { teams }: Facts): ReadonlySet<Membership> {
  return new Set(names.map((name) => teams.get(name) ?? "unreadable"));
}

function missingOf(names: readonly string[], { teams, namedAt }: Facts): readonly MissingTeam[] {
  return names
    .filter((name) => teams.get(name) === "missing")
    .map((team) => ({ team, places: namedAt.get(team) ?? [] }));
}

/** Where the session works, or why nothing can be worked on here. */
function placeFor(facts: Facts, policy: Policy): Place | Denial {
  const { archived, subject, defaultBranch } = facts.survey;
  if (archived) return { reason: "repository_archived" };
  if (subject.state !== "open") return { reason: "subject_closed", state: subject.state };
  if (subject.locked) return { reason: "subject_locked" };
  if (defaultBranch === null) return { reason: "repository_empty" };
  if (subject.pull !== null) return placeOfPull(subject.pull, facts, policy);
  const wanted = policy.branches.issues;
  const place = wanted === null ? defaultBranch : facts.issueBranch;
  if (place === null) return { reason: "branch_missing", branch: wanted ?? "" };
  return eligible(place, place.branch, policy);
}

function placeOfPull(
  pull: NonNullable<Survey["subject"]["pull"]>,
  { headApproved }: Facts,
  policy: Policy,
): Place | Denial {
  const { head, base, fromFork } = pull;
  if (!fromFork) return eligible(head, base.branch, policy);
  if (policy.forks === "deny") return { reason: "fork" };
  if (policy.forks === "allow-after-ok" && !headApproved) {
    return { reason: "fork_without_ok", commit: head.commit };
  }
  // A session can only be on a branch of this repository.
  return eligible(base, base.branch, policy);
}

function eligible(place: Place, branch: string, policy: Policy): Place | Denial {
  return matchesEligible(policy, branch) ? place : { reason: "branch_not_eligible", branch };
}

function nearestCommand(name: string, policy: Policy): string | null {
  return nearestWord(name, [...policy.commands.keys(), ...Object.keys({ ...CONTROLS, ...ORDERS })]);
}
