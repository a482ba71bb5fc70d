import type { Role } from "../role.ts";
import type { PolicySettings } from "./schema.ts";
import type { Settling } from "./sources.ts";
import { firstIn } from "./sources.ts";
import type { Files } from "./triggers.ts";

/** How somebody asks for a task. */
export type TriggerType = "label" | "command";

/** People by name, all in small letters: logins, and teams as `organisation/slug`. */
export interface People {
  readonly users: readonly string[];
  readonly teams: readonly string[];
}

/** Who may start a task: whoever has the role, is on every list of `allow`, and is not in `deny`. */
export interface Permission {
  readonly least: Role;
  /** Each list must have the requester, by login or by team; no list at all asks for nothing. */
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
  const { organisation, repository } = {
    organisation: files.organisation.permissions ?? {},
    repository: files.repository.permissions ?? {},
  };
  const kinds = new Set(["default", ...Object.keys(organisation), ...Object.keys(repository)]);
  return new Map(
    [...kinds].map((kind) => [
      kind,
      {
        label: settleOne({ organisation, repository, kind, trigger: "label" }, settling),
        command: settleOne({ organisation, repository, kind, trigger: "command" }, settling),
      },
    ]),
  );
}

interface Asked {
  readonly organisation: Rules;
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
      String,
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
  { organisation, repository, kind, trigger }: Asked,
  builtIn: Value,
  part: (rule: Rule) => Value | undefined,
) {
  const said = (rules: Rules, name: string) => {
    const rule = own(rules, name);
    if (rule === undefined) return undefined;
    return part(rule[trigger] ?? {}) ?? part(rule);
  };
  const ofKind = { organisation: said(organisation, kind), repository: said(repository, kind) };
  return {
    builtIn,
    organisation: ofKind.organisation ?? said(organisation, "default"),
    repository:
      ofKind.repository ??
      (ofKind.organisation === undefined ? said(repository, "default") : undefined),
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

/** People in words. */
export function showPeople({ users, teams }: People): string {
  return [...users, ...teams].join(", ") || "nobody";
}

/** The lists of `allow` in words. */
export function showAllow(lists: readonly People[]): string {
  return lists.map(showPeople).join(" – and among them – ") || "whoever has the role";
}
