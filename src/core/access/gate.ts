import { CONTROLS, isControl, isSessionCommand, SESSION_COMMANDS } from "../command/table.ts";
import type { Denial, MissingTeam } from "../task/denial.ts";
import { nearestWord } from "../text/nearest.ts";
import type { PolicyScope } from "../task/denying-setting.ts";
import type { Permission, Policy } from "../policy/policy.ts";
import { kindOfLabel, permissionFor } from "../policy/policy.ts";
import type { Role } from "../github/role.ts";
import { isAtLeast } from "../github/role.ts";
import type { Facts, Membership } from "./facts.ts";
import type { Place, Survey } from "./survey.ts";
import { placeFor } from "./work-branch.ts";
import type { CommandTrigger, LabelTrigger, Requester, TaskDecision } from "../task/task.ts";

/** What somebody asked for. */
export interface TaskRequest {
  readonly trigger:
    | Pick<LabelTrigger, "type" | "name">
    | Pick<CommandTrigger, "type" | "name" | "misplaced">;
  readonly requester: Pick<Requester, "login">;
  readonly decision: Pick<TaskDecision, "kind" | "retryOf">;
}

/** What of it is about the requester. */
interface PersonFacts extends Pick<Facts, "teams" | "namedAt"> {
  readonly survey: Pick<Survey, "role">;
}

export type Decision =
  | { readonly allowed: true; readonly kind: string; readonly place: Place }
  /** Not `replyPublicly`: strangers' commands are answered by a reaction alone, so that nobody can make the bot talk. */
  | { readonly allowed: false; readonly denial: Denial; readonly replyPublicly: boolean }
  /**
   * Nothing that is answered: a label that begins as those that start tasks do, and that the policy does not
   * know; or a command where commands don't count, by somebody who may start nothing.
   */
  | { readonly allowed: false; readonly denial: null };

/** The kind of task that is asked for; null when the policy knows no such label or command. */
function kindOf(asked: TaskRequest, policy: Policy): string | null {
  const { trigger, decision } = asked;
  const { kind, retryOf } = decision;
  if (trigger.type === "command" && trigger.misplaced !== null) return null;
  // What is tried again is of the kind that it was, if there still is such a kind.
  if (retryOf !== null) return kind !== null && policy.prompts.has(kind) ? kind : null;
  if (trigger.type === "label") return kindOfLabel(policy, trigger.name);
  return policy.commands.get(trigger.name)?.kind ?? null;
}

/** Whether this requester may start a session on this subject. */
export function decide(asked: TaskRequest, facts: Facts, policy: Policy): Decision {
  const scope = scopeOf(asked, policy);
  if (scope === null) return withoutKind(asked, facts, policy);
  const { kind } = scope;
  const permission = permissionIn(policy, scope);
  const person = denialOfPerson(asked, facts, permission);
  if (person !== null)
    return { allowed: false, denial: person, replyPublicly: isHeard(asked, facts) };
  const place = placeFor(facts, policy);
  return place.type === "denied"
    ? { allowed: false, denial: place.denial, replyPublicly: true }
    : { allowed: true, kind, place: place.place };
}

const UNANSWERED = { allowed: false, denial: null } as const;

/** When the policy can't be read, nothing starts; people who can't start anything anyway don't learn why. */
export function decideWithoutPolicy(asked: TaskRequest, facts: Facts, problems: string): Decision {
  const denial = { reason: "policy_wrong", problems } as const;
  const { trigger } = asked;
  const replyPublicly = trigger.type === "label" || isAtLeast(facts.survey.role, "write");
  if (trigger.type === "command" && trigger.misplaced !== null && !replyPublicly) return UNANSWERED;
  return { allowed: false, denial, replyPublicly };
}

/** Whoever can set labels is answered; others' commands are not. */
function isHeard({ trigger }: TaskRequest, { survey }: Facts): boolean {
  return trigger.type === "label" || isAtLeast(survey.role, "triage");
}

function withoutKind(asked: TaskRequest, facts: Facts, policy: Policy): Decision {
  const { trigger } = asked;
  if (trigger.type === "label") return UNANSWERED;
  const { name, misplaced } = trigger;
  const replyPublicly = mayStartSomething(asked, facts, policy);
  if (misplaced === null) return { allowed: false, denial: unknown(name, policy), replyPublicly };
  // Strangers get nothing for what is not even a command, and nobody for a word that only looks like one.
  const isCommand = policy.commands.has(name) || isControl(name) || isSessionCommand(name);
  if (!replyPublicly || (misplaced === "spelling" && !isCommand)) return UNANSWERED;
  const denial = isCommand
    ? ({ reason: "misplaced_command", name, misplaced } as const)
    : unknown(name, policy);
  return { allowed: false, denial, replyPublicly };
}

function unknown(name: string, policy: Policy): Denial {
  return { reason: "unknown_command", name, nearest: nearestCommand(name, policy) };
}

/** Why this person may not steer a task of a kind; null when they may: who might have asked for it. */
export function denialToSteer(
  asked: Pick<TaskRequest, "requester">,
  facts: PersonFacts,
  policy: Policy,
  kind: string,
): Denial | null {
  return denialOfPerson(asked, facts, permissionIn(policy, scopeToSteer(policy, kind)));
}

/** A kind that no command starts is started by labels, and so are they who steer it. */
export function scopeToSteer(policy: Policy, kind: string): PolicyScope {
  const hasCommand = policy.commands.values().some((command) => command.kind === kind);
  const hasLabel = policy.labels.values().some((labeled) => labeled === kind);
  return { kind, trigger: hasCommand || !hasLabel ? "command" : "label" };
}

/** What the policy's permissions call a request; null where the policy knows no such label or command. */
export function scopeOf(asked: TaskRequest, policy: Policy): PolicyScope | null {
  const kind = kindOf(asked, policy);
  if (kind === null) return null;
  return asked.decision.retryOf === null
    ? { kind, trigger: asked.trigger.type }
    : scopeToSteer(policy, kind);
}

function permissionIn(policy: Policy, { kind, trigger }: PolicyScope): Permission {
  return permissionFor(policy, kind, trigger);
}

/** Every way of starting something here. */
function waysIn(policy: Policy): readonly Permission[] {
  return [
    ...policy.labels.values().map((kind) => permissionFor(policy, kind, "label")),
    ...policy.commands.values().map(({ kind }) => permissionFor(policy, kind, "command")),
  ];
}

/** Whether this person may start at least one kind of task, in one way: such people are answered. */
export function mayStartSomething(asked: TaskRequest, facts: Facts, policy: Policy): boolean {
  return waysIn(policy).some((permission) => denialOfPerson(asked, facts, permission) === null);
}

/** The teams that have to be asked about before it can be decided about somebody of this role. */
export function teamsToAsk(asked: TaskRequest, role: Role, policy: Policy): readonly string[] {
  const scope = scopeOf(asked, policy);
  // What holds for `default` decides on a command to no task.
  const ways =
    scope === null
      ? [...waysIn(policy), permissionIn(policy, scopeToSteer(policy, "default"))]
      : [permissionIn(policy, scope)];
  const open = ways.filter(({ least }) => isAtLeast(role, least));
  const lists = open.flatMap(({ allow, deny }) => allow.concat(deny));
  return [...new Set(lists.flatMap(({ teams }) => teams))];
}

function denialOfPerson(
  { requester }: Pick<TaskRequest, "requester">,
  facts: PersonFacts,
  { least, allow, deny }: Permission,
): Denial | null {
  const login = requester.login.toLowerCase();
  if (deny.users.includes(login)) return { reason: "denied_by_name" };
  if (!isAtLeast(facts.survey.role, least)) return { reason: "no_permission", least };
  const denied = membershipsIn(deny.teams, facts);
  if (denied.has("member")) return { reason: "denied_by_name" };
  // Nobody knows who was meant: rather nobody than those who should be kept out.
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

function membershipsIn(names: readonly string[], { teams }: PersonFacts): ReadonlySet<Membership> {
  return new Set(names.map((name) => teams.get(name) ?? "unreadable"));
}

function missingOf(
  names: readonly string[],
  { teams, namedAt }: PersonFacts,
): readonly MissingTeam[] {
  return names
    .filter((name) => teams.get(name) === "missing")
    .map((team) => ({ team, places: namedAt.get(team) ?? [] }));
}

function nearestCommand(name: string, policy: Policy): string | null {
  return nearestWord(name, [
    ...policy.commands.keys(),
    ...Object.keys({ ...CONTROLS, ...SESSION_COMMANDS }),
  ]);
}
