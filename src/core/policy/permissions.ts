import type { Role } from "../github/role.ts";
import type { PolicySettings } from "./schema.ts";
import type { ShownValue } from "./shown-value.ts";
import { asWritten, inWords } from "./shown-value.ts";
import type { Settling } from "./sources.ts";
import { firstIn } from "./sources.ts";
import type { Files } from "./triggers.ts";

/** How somebody asks for a task. */
export type TriggerType = "label" | "command";

/** People by name, all in small letters: logins, and teams as `organization/slug`. */
export interface People {
  readonly users: readonly string[];
  readonly teams: readonly string[];
}

/** Who may start a task: whoever has the role, is on every list of `allow`, and is not in `deny`. */
export interface Permission {
  readonly least: Role;
  /** Each list must have the requester, by login or by team; no list at all restricts nothing. */
  readonly allow: readonly People[];
  readonly deny: People;
}

/** For each kind, and for `default`. */
export type Permissions = ReadonlyMap<string, Readonly<Record<TriggerType, Permission>>>;

type Rules = NonNullable<PolicySettings["permissions"]>;

const NOBODY: People = { users: [], teams: [] };

const TIGHTEST_FIRST: readonly Role[] = ["admin", "maintain", "write", "triage", "read"];

/** Settles who may start what. A kind that no file names has no entry: `default` holds for it. */
export function settlePermissions(files: Files, settling: Settling): Permissions {
  const { organization, repository } = {
    organization: files.organization.permissions ?? {},
    repository: files.repository.permissions ?? {},
  };
  const kinds = new Set(["default", ...Object.keys(organization), ...Object.keys(repository)]);
  return new Map(
    [...kinds].map((kind) => [
      kind,
      {
        label: settleOne({ organization, repository, kind, trigger: "label" }, settling),
        command: settleOne({ organization, repository, kind, trigger: "command" }, settling),
      },
    ]),
  );
}

interface Asked {
  readonly organization: Rules;
  readonly repository: Rules;
  readonly kind: string;
  readonly trigger: TriggerType;
}

function settleOne(asked: Asked, settling: Settling): Permission {
  const keys = ["permissions", asked.kind, asked.trigger] as const;
  return {
    least: settling.settle(
      [...keys, "least"],
      saidOf(asked, "write", ({ least }) => least),
      firstIn(TIGHTEST_FIRST),
      asWritten,
    ),
    allow: settling.settle(
      [...keys, "allow"],
      saidOf<readonly People[]>(asked, [], ({ allow }) => {
        if (allow === undefined) return undefined;
        return allow === null ? [] : [peopleOf(allow)];
      }),
      (one, other) => distinct([...one, ...other]),
      showAllow,
    ),
    deny: settling.settle(
      [...keys, "deny"],
      saidOf<People>(asked, NOBODY, ({ deny }) => {
        if (deny === undefined) return undefined;
        return peopleOf(deny ?? {});
      }),
      (one, other) => ({
        users: distinct([...one.users, ...other.users]),
        teams: distinct([...one.teams, ...other.teams]),
      }),
      showPeople,
    ),
  };
}

type Rule = Pick<NonNullable<Rules[string]>, "least" | "allow" | "deny">;

/** What is said for the kind itself comes before what either file says for `default`. */
function saidOf<Value>(
  { organization, repository, kind, trigger }: Asked,
  builtIn: Value,
  part: (rule: Rule) => Value | undefined,
) {
  const said = (rules: Rules, name: string) => {
    const rule = own(rules, name);
    if (rule === undefined) return undefined;
    return part(rule[trigger] ?? {}) ?? part(rule);
  };
  const ofKind = { organization: said(organization, kind), repository: said(repository, kind) };
  return {
    builtIn,
    organization: ofKind.organization ?? said(organization, "default"),
    repository:
      ofKind.repository ??
      (ofKind.organization === undefined ? said(repository, "default") : undefined),
  };
}

function own(rules: Rules, name: string): Rules[string] | undefined {
  return Object.hasOwn(rules, name) ? rules[name] : undefined;
}

function peopleOf({ users = [], teams = [] }: NonNullable<Rule["allow"]>): People {
  return { users: distinct(users.map(small)), teams: distinct(teams.map(small)) };
}

function small(text: string): string {
  return text.toLowerCase();
}

function distinct<Value>(values: readonly Value[]): Value[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

/** People, for people. */
export function showPeople(people: People): ShownValue {
  return showLists([people]);
}

/** The lists of `allow`, for people. */
export function showAllow(lists: readonly People[]): ShownValue {
  return lists.length === 0 ? inWords("whoever has the role") : showLists(lists);
}

function showLists(lists: readonly People[]): ShownValue {
  const names = lists.map(({ users, teams }) => [...users, ...teams]);
  return { type: "lists", lists: names, empty: "nobody" };
}
