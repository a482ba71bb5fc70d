import type { Role } from "../github/role.ts";
import { isAtLeast } from "../github/role.ts";
import type { Permission, Policy, TriggerType } from "../policy/policy.ts";
import { permissionFor } from "../policy/policy.ts";
import type { ShownValue } from "../policy/shown-value.ts";
import { inWords } from "../policy/shown-value.ts";
import { codeName } from "../text/quote.ts";
import { valuesOf } from "./setting-values.ts";

/** A setting that is another one under another policy. */
export interface ChangedSetting {
  /** As `/copilot config` names it. */
  readonly name: string;
  readonly before: ShownValue;
  readonly after: ShownValue;
}

/** The settings in which two policies differ: each that there is has a value there. */
export function changedSettings(before: Policy, after: Policy): readonly ChangedSetting[] {
  return changedValues(valuesOf(before), valuesOf(after));
}

/** The same of the values by their names. */
export function changedValues(old: Values, now: Values): readonly ChangedSetting[] {
  const names = [...new Set([...old.keys(), ...now.keys()])];
  const changed = names.flatMap((name): ChangedSetting[] => {
    const setting = { name, before: valueIn(old, name), after: valueIn(now, name) };
    return isSame(setting.before, setting.after) ? [] : [setting];
  });
  return withoutTwins(changed);
}

type Values = ReadonlyMap<string, ShownValue>;

const BY_KIND =
  /^(?<section>permissions|model|reasoning_effort|identity|runs_on|share|push)\.(?<kind>[^.]+)(?<part>\..*)?$/u;

/** What isn't said for a kind is as it is for the others. */
function valueIn(values: Values, name: string): ShownValue {
  const { section = "", part = "" } = BY_KIND.exec(name)?.groups ?? {};
  return values.get(name) ?? values.get(`${section}.default${part}`) ?? inWords("none");
}

const PERMISSION = /^permissions\.(?<kind>[^.]+)\.(?<trigger>label|command)\.(?<part>\w+)$/u;

/** What changes alike for labels and commands is one change. */
function withoutTwins(changed: readonly ChangedSetting[]): readonly ChangedSetting[] {
  const byName = new Map(changed.map((setting) => [setting.name, setting]));
  return changed.flatMap((setting) => {
    const { kind = "", trigger = "", part = "" } = PERMISSION.exec(setting.name)?.groups ?? {};
    if (kind === "") return [setting];
    const twin = trigger === "label" ? "command" : "label";
    const other = byName.get(`permissions.${kind}.${twin}.${part}`);
    const isOne =
      other !== undefined &&
      isSame(other.before, setting.before) &&
      isSame(other.after, setting.after);
    if (!isOne) return [setting];
    return trigger === "label" ? [{ ...setting, name: `permissions.${kind}.${part}` }] : [];
  });
}

/** Who may start what that they may not start now, and the other way round: a sentence of Markdown each. */
export function changesForPeople(before: Policy, after: Policy): readonly string[] {
  const kinds = new Set([before, after].flatMap(kindsIn));
  return [...kinds].flatMap((kind) => {
    const ways = (["label", "command"] as const).map((trigger) => {
      return { trigger, from: wayIn(before, kind, trigger), to: wayIn(after, kind, trigger) };
    });
    const used = ways.filter(({ from, to }) => from !== null || to !== null);
    const sentences = used.flatMap((way) => sentenceOn(kind, way) ?? []);
    const [first] = sentences;
    const isAlike =
      sentences.length === used.length && new Set(sentences.map(({ text }) => text)).size === 1;
    if (first !== undefined && isAlike) return [`${first.text}.`];
    return sentences.map(({ text, trigger }) => `${text} with a ${trigger}.`);
  });
}

interface Way {
  readonly trigger: TriggerType;
  /** Null where nothing starts the kind in this way. */
  readonly from: Permission | null;
  readonly to: Permission | null;
}

function sentenceOn(kind: string, { trigger, from, to }: Way) {
  const text = textOn(codeName(kind), from, to);
  return text === null ? null : { trigger, text };
}

function textOn(kind: string, from: Permission | null, to: Permission | null): string | null {
  if (to === null) return `Nobody may start ${kind} anymore`;
  if (from?.least === to.least) return null;
  if (from === null || isAtLeast(from.least, to.least)) {
    const listed = to.allow.length === 0 ? "" : " who are on its list";
    return `${peopleOf(to.least)}${listed} may now start ${kind}`;
  }
  return `${peopleOf(from.least)} may no longer start ${kind}: only people with ${to.least} access may do that`;
}

function peopleOf(least: Role): string {
  return `People with ${least} access`;
}

function kindsIn({ labels, commands }: Policy): string[] {
  return [...labels.values(), ...commands.values().map(({ kind }) => kind)];
}

function wayIn(policy: Policy, kind: string, trigger: TriggerType): Permission | null {
  const { labels, commands } = policy;
  const isUsed =
    trigger === "label"
      ? labels.values().some((one) => one === kind)
      : commands.values().some((one) => one.kind === kind);
  return isUsed ? permissionFor(policy, kind, trigger) : null;
}

function isSame(one: ShownValue, other: ShownValue): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
