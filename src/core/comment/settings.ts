import { cellCode, inlineCode, plainLine } from "../text/quote.ts";
import type { FileOwner, Policy, Source, Sources } from "../policy/policy.ts";
import type { Problem } from "../policy/read.ts";
import { POLICY_PATH } from "../policy/schema.ts";
import type { ShownValue } from "../policy/shown-value.ts";
import { inWords } from "../policy/shown-value.ts";
import type { TemplateProblem } from "../policy/template.ts";
import { alert } from "./alert.ts";
import { shownValue, valuesOf } from "./setting-values.ts";

/** Which versions of the two files were read: a commit or blob, or null where there is no file. */
export interface PolicyVersions {
  readonly repository: string | null;
  readonly organization: string | null;
  /** Whether the bot sees a `.github` repository of the organization at all. */
  readonly organizationVisible: boolean;
}

/** The most characters of the answer; GitHub takes 65,536. */
const MAX_ANSWER = 20_000;
/** What stands around a list of settings. */
const FRAME = 250;

const MAX_VALUE = 200;

/**
 * The answer to `/copilot config`: the settings that differ from the defaults, then all others folded, each with its
 * value and where that comes from. Markdown.
 *
 * @param gaps where the organization's file enforces less than it seems to
 * @param deprecations where the files use old spellings
 */
export function describePolicy(
  policy: Policy,
  sources: Sources,
  versions: PolicyVersions,
  gaps: readonly string[] = [],
  deprecations: readonly string[] = [],
): string {
  const settings = settingsInForce(policy, sources);
  const changed = settings.filter(isChanged);
  const others = settings.filter((setting) => !isChanged(setting));
  const head = [
    ...gaps.flatMap((gap) => [...alert("WARNING", [gap]), ""]),
    ...deprecations.flatMap((sentence) => [...alert("NOTE", [sentence]), ""]),
  ];
  const foot = ["", ...describeVersions(versions)];
  const room = MAX_ANSWER - [...head, ...foot].join("\n").length;
  const shown = changedLines(changed, room - 5 * FRAME);
  const left = room - shown.join("\n").length - FRAME;
  return [...head, ...shown, "", ...folded(others, left), ...foot].join("\n");
}

/** Each setting in force, with its value and where that comes from. What only repeats another one is left out. */
export function settingsInForce(policy: Policy, sources: Sources): readonly Setting[] {
  const values = valuesOf(policy);
  // What was taken away has a source and no value.
  const names = [...new Set([...values.keys(), ...sources.keys()])];
  return withoutRepetition(
    names.map((name) => ({
      name,
      value: values.get(name) ?? inWords("none"),
      source: sources.get(name),
    })),
  );
}

/**
 * Whether a setting differs from its default. Also what the repository's file says without effect, so that its author
 * sees why.
 */
export function isChanged({ source }: Setting): boolean {
  if (source === undefined) return false;
  return source.from !== "built in" || source.overruled !== undefined;
}

function changedLines(changed: readonly Setting[], room: number): string[] {
  if (changed.length === 0) return ["All settings have their default values."];
  const many = changed.length === 1 ? "1 setting differs" : `${changed.length} settings differ`;
  const isOverruled = changed.some(({ source }) => source?.from === "built in");
  const or = isOverruled ? " or can't be changed here" : "";
  const items = changed.map(({ name, value, source }) => {
    return `- ${quoted(name)}: ${shownValue(value, quoted)} (${describeSource(source)})`;
  });
  return [
    `${many} from the defaults${or}:`,
    "",
    ...firstRows(items, room),
    ...leftOut(items, room),
  ];
}

function folded(others: readonly Setting[], room: number): string[] {
  if (others.length === 0) return [];
  const rows = others.map(({ name, value, source }) => {
    const enforced = source?.enforced === true ? ", enforced" : "";
    return `| ${cell(name)} | ${shownValue(value, cell)}${enforced} |`;
  });
  const table = ["| setting | default value |", "| --- | --- |", ...firstRows(rows, room)];
  const summary = `<details><summary>Settings with their default values (${others.length})</summary>`;
  return [summary, "", ...table, ...leftOut(rows, room), "", "</details>"];
}

function firstRows(rows: readonly string[], room: number): string[] {
  let left = room;
  return rows.filter((row) => {
    left -= row.length + 1;
    return left >= 0;
  });
}

function leftOut(rows: readonly string[], room: number): string[] {
  const left = rows.length - firstRows(rows, room).length;
  return left === 0 ? [] : ["", `… and ${left} more, which don't fit here.`];
}

/** A setting in force. */
export interface Setting {
  readonly name: string;
  readonly value: ShownValue;
  readonly source: Source | undefined;
}

const PERMISSION = /^permissions\.(?<kind>[^.]+)\.(?<trigger>label|command)\.(?<part>\w+)$/u;

/** Permissions that only repeat what `default` says are left out; label and command become one. */
function withoutRepetition(settings: readonly Setting[]): Setting[] {
  const byName = new Map(settings.map((setting) => [setting.name, setting]));
  return settings.flatMap((setting) => {
    const { kind = "", trigger = "", part = "" } = PERMISSION.exec(setting.name)?.groups ?? {};
    if (kind === "") return [setting];
    const asDefault = byName.get(`permissions.default.${trigger}.${part}`);
    if (kind !== "default" && isSame(setting, asDefault)) return [];
    const twin = trigger === "label" ? "command" : "label";
    if (!isSame(setting, byName.get(`permissions.${kind}.${twin}.${part}`))) return [setting];
    const name = `permissions.${kind}.${part}`;
    return trigger === "label" ? [{ ...setting, name }] : [];
  });
}

function isSame(one: Setting, other: Setting | undefined): boolean {
  const facts = [one, other].map((setting) => [
    setting?.value,
    setting?.source?.from,
    setting?.source?.enforced,
    setting?.source?.overruled,
  ]);
  return JSON.stringify(facts[0]) === JSON.stringify(facts[1]);
}

function describeSource(source: Source | undefined): string {
  if (source === undefined) return "";
  const from = FROM[source.from] + (source.enforced ? ", enforced" : "");
  if (source.overruled === undefined) return from;
  return `${from}; the repository says ${shownValue(source.overruled, quoted)}, which has no effect`;
}

const FROM: Record<Source["from"], string> = {
  "built in": "default",
  organization: "organization",
  repository: "repository",
  "organization and repository": "organization and repository",
};

/** Anybody's text as code, so that it mentions nobody. */
function quoted(text: string): string {
  return inlineCode(plainLine(text, MAX_VALUE));
}

/** Anybody's text in a table: code, so that it mentions nobody, and without the table's own sign. */
function cell(text: string): string {
  return cellCode(plainLine(text, MAX_VALUE));
}

function describeVersions(versions: PolicyVersions): string[] {
  const { repository, organization, organizationVisible } = versions;
  const none = organizationVisible ? "no file" : "the bot can't see this repository";
  return [
    `- ${inlineCode(POLICY_PATH)} in this repository: ${version(repository) ?? "no file"}`,
    `- ${inlineCode(POLICY_PATH)} in the organization's \`.github\` repository: ${version(organization) ?? none}`,
  ];
}

function version(sha: string | null): string | null {
  return sha === null ? null : `version ${inlineCode(plainLine(sha.slice(0, 7), 64))}`;
}

/**
 * What is wrong in a policy file, for a comment: a list in Markdown under a sentence with a link.
 *
 * @param where the file's URL
 */
export function describeProblems(
  problems: readonly Problem[],
  of: FileOwner,
  where: string,
): string {
  const whose = of === "repository" ? "this repository" : "the organization";
  const items = problems.map(
    ({ line, column, message }) => `- line ${line}, column ${column}: ${message}`,
  );
  return [`The [policy file of ${whose}](${where}) has problems:`, "", ...items].join("\n");
}

/** What is wrong in the template of a prompt, for a comment: a list in Markdown under a sentence. */
export function describeTemplateProblems(
  kind: string,
  problems: readonly TemplateProblem[],
): string {
  const items = problems.map(({ line, column, message }) => {
    return `- line ${line}, column ${column}: ${message}`;
  });
  return [`The template ${inlineCode(`prompts.${kind}`)} has problems:`, "", ...items].join("\n");
}
