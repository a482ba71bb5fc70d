import type { Section } from "./schema.ts";
import type { ShownValue } from "./shown-value.ts";

/** Whose file a setting or a problem is of. */
export type FileOwner = "organization" | "repository";

/** Where one setting comes from. */
export interface Source {
  readonly from: "built in" | FileOwner | "organization and repository";
  /** Whether the organization's file lets a repository only tighten it. */
  readonly enforced: boolean;
  /** What the repository's file says without effect, because the organization's is tighter. */
  readonly overruled?: ShownValue;
}

/** By the setting's name, e.g. `limits.requester.hour`, `labels.copilot:fix`, `permissions.fix.label.least`. */
export type Sources = ReadonlyMap<string, Source>;

/** What is said of one setting; undefined where a file does not say it. */
export interface Said<Value> {
  readonly builtIn: Value;
  readonly organization: Value | undefined;
  readonly repository: Value | undefined;
}

/** What is left of the repository's value where the organization's is enforced. */
export type Tighten<Value> = (organization: Value, repository: Value, said: Said<Value>) => Value;

/** Settles settings one by one, and notes where each comes from. */
export interface Settling {
  readonly sources: Map<string, Source>;
  /** The value in force. `shown` puts it into words, for people. */
  readonly settle: <Value>(
    keys: readonly [Section, ...string[]],
    said: Said<Value>,
    tighten: Tighten<Value>,
    shown: (value: Value) => ShownValue,
  ) => Value;
}

/** Begins with no setting settled. */
export function beginSettling(enforced: ReadonlySet<Section>): Settling {
  const sources = new Map<string, Source>();
  return {
    sources,
    settle: (keys, said, tighten, shown) => {
      const isEnforced = enforced.has(keys[0]);
      const { value, ...source } = settleOne(said, isEnforced ? tighten : null, shown);
      sources.set(keys.join("."), { ...source, enforced: isEnforced });
      return value;
    },
  };
}

interface Settled<Value> extends Omit<Source, "enforced"> {
  readonly value: Value;
}

function settleOne<Value>(
  said: Said<Value>,
  tighten: Tighten<Value> | null,
  shown: (value: Value) => ShownValue,
): Settled<Value> {
  const { builtIn, organization, repository } = said;
  const base: Settled<Value> =
    organization === undefined
      ? { value: builtIn, from: "built in" }
      : { value: organization, from: "organization" };
  if (repository === undefined) return base;
  if (tighten === null) return { value: repository, from: "repository" };
  const value = tighten(base.value, repository, said);
  if (isSame(value, base.value)) {
    return isSame(value, repository) ? base : { ...base, overruled: shown(repository) };
  }
  return { value, from: isSame(value, repository) ? "repository" : "organization and repository" };
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** For what has no tighter and looser: the organization's value where it says one. */
export function asOrganizationSays<Value>(
  organization: Value,
  repository: Value,
  said: Said<Value>,
): Value {
  return said.organization === undefined ? repository : organization;
}

/** For what nobody but the organization decides, even by not saying it. */
export function asBefore<Value>(organization: Value): Value {
  return organization;
}

/** The one that is further to the front of a list, which begins with the tightest. */
export function firstIn<Value>(tightestFirst: readonly Value[]): Tighten<Value> {
  return (organization, repository) =>
    tightestFirst.indexOf(repository) < tightestFirst.indexOf(organization)
      ? repository
      : organization;
}

/** The smaller of two limits; null is no limit. */
export function smaller(organization: number | null, repository: number | null): number | null {
  if (organization === null || repository === null) return organization ?? repository;
  return Math.min(organization, repository);
}
