import type { Section } from "./schema.ts";

/** Whose file a setting or a problem is of. */
export type FileOwner = "organisation" | "repository";

/** Where one setting comes from. */
export interface Source {
  readonly from: "built in" | FileOwner | "organisation and repository";
  /** Whether the organisation's file lets a repository only tighten it. */
  readonly enforced: boolean;
  /** What the repository's file says without effect, because the organisation's is tighter. */
  readonly overruled?: string;
}

/** By the setting's name, e.g. `limits.requester.hour`, `labels.copilot:fix`, `permissions.fix.label.least`. */
export type Sources = ReadonlyMap<string, Source>;

/** What is said of one setting; undefined where a file does not say it. */
export interface Said<Value> {
  readonly builtIn: Value;
  readonly organisation: Value | undefined;
  readonly repository: Value | undefined;
}

/** What is left of the repository's value where the organisation's is enforced. */
export type Tighten<Value> = (organisation: Value, repository: Value, said: Said<Value>) => Value;

/** Settles settings one by one, and notes where each comes from. */
export interface Settling {
  readonly sources: Map<string, Source>;
  /** The value in force. `shown` tells it in words, for people. */
  readonly settle: <Value>(
    keys: readonly [Section, ...string[]],
    said: Said<Value>,
    tighten: Tighten<Value>,
    shown: (value: Value) => string,
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
  shown: (value: Value) => string,
): Settled<Value> {
  const { builtIn, organisation, repository } = said;
  const base: Settled<Value> =
    organisation === undefined
      ? { value: builtIn, from: "built in" }
      : { value: organisation, from: "organisation" };
  if (repository === undefined) return base;
  if (tighten === null) return { value: repository, from: "repository" };
  const value = tighten(base.value, repository, said);
  if (isSame(value, base.value)) {
    return isSame(value, repository) ? base : { ...base, overruled: shown(repository) };
  }
  return { value, from: isSame(value, repository) ? "repository" : "organisation and repository" };
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** For what has no tighter and looser: the organisation's value where it says one. */
export function asOrganisationSays<Value>(
  organisation: Value,
  repository: Value,
  said: Said<Value>,
): Value {
  return said.organisation === undefined ? repository : organisation;
}

/** For what nobody but the organisation decides, even by not saying it. */
export function asBefore<Value>(organisation: Value): Value {
  return organisation;
}

/** The one that is further to the front of a list, which begins with the tightest. */
export function firstIn<Value>(tightestFirst: readonly Value[]): Tighten<Value> {
  return (organisation, repository) =>
    tightestFirst.indexOf(repository) < tightestFirst.indexOf(organisation)
      ? repository
      : organisation;
}

/** The smaller of two limits; null is no limit. */
export function smaller(organisation: number | null, repository: number | null): number | null {
  if (organisation === null || repository === null) return organisation ?? repository;
  return Math.min(organisation, repository);
}
