import { inlineCode, plainLine } from "../plain-text.ts";
import { showAllow, showPeople } from "./permissions.ts";
import type { FileOwner, Policy, Source, Sources } from "./policy.ts";
import type { Problem } from "./read.ts";
import { POLICY_PATH } from "./schema.ts";
import { showEligible, showLabel, showLimit } from "./sections.ts";
import { showCommand, showPrompt } from "./triggers.ts";

/** Which versions of the two files were read: a commit or blob, or null where there is no file. */
export interface PolicyVersions {
  readonly repository: string | null;
  readonly organisation: string | null;
  /** Whether the bot sees a `.github` repository of the organisation at all. */
  readonly organisationVisible: boolean;
}

/** The most characters of the answer; GitHub takes 65,536. */
const LONGEST_ANSWER = 20_000;

const LONGEST_VALUE = 200;

/** The answer to `/copilot config`: every setting, its value and where that comes from. Markdown. */
export function describePolicy(policy: Policy, sources: Sources, versions: PolicyVersions): string {
  const values = valuesOf(policy);
  // What was taken away has a source and no value.
  const names = [...new Set([...values.keys(), ...sources.keys()])];
  const settings = names.map((name): Setting => {
    return { name, value: values.get(name) ?? "none", source: sources.get(name) };
  });
  const rows = withoutRepetition(settings).map(
    ({ name, value, source }) => `| ${cell(name)} | ${cell(value)} | ${describeSource(source)} |`,
  );
  const head = ["| setting | value | from |", "| --- | --- | --- |"];
  const foot = ["", ...describeVersions(versions)];
  const room = LONGEST_ANSWER - [...head, ...foot].join("\n").length - 100;
  const shown = firstRows(rows, room);
  const left = rows.length - shown.length;
  const more = left === 0 ? [] : ["", `… and ${left} more settings, which do not fit here.`];
  return `${[...head, ...shown, ...more, ...foot].join("\n")}\n`;
}

function firstRows(rows: readonly string[], room: number): string[] {
  let left = room;
  return rows.filter((row) => {
    left -= row.length + 1;
    return left >= 0;
  });
}

/** Each setting's value in words, by the names that the sources have too. */
function valuesOf(policy: Policy): Map<string, string> {
  const { branches, labelsAfter, limits, sessionLimits } = policy;
  const scopes = ["requester", "repository", "organisation"] as const;
  return new Map([
    ["forks", policy.forks],
    ["context", policy.context],
    ["permissions_policy", policy.permissionsPolicy],
    ["on_close", policy.onClose],
    ["check_run", String(policy.checkRun)],
    ["branches.eligible", showEligible(branches.eligible)],
    ["branches.issues", branches.issues ?? "the default branch"],
    ...scopes.flatMap((scope): [string, string][] => [
      [`limits.${scope}.hour`, showLimit(limits[scope].hour)],
      [`limits.${scope}.day`, showLimit(limits[scope].day)],
    ]),
    ["limits.at_once", showLimit(limits.atOnce)],
    ["session_limits.ai_credits", showLimit(sessionLimits.aiCredits)],
    ["labels_after.remove_trigger", String(labelsAfter.removeTrigger)],
    ["labels_after.running", showLabel(labelsAfter.running)],
    ["labels_after.failed", showLabel(labelsAfter.failed)],
    ...entriesOf("labels", policy.labels, (kind) => kind),
    ...entriesOf("commands", policy.commands, showCommand),
    ...entriesOf("prompts", policy.prompts, showPrompt),
    ...[...policy.permissions].flatMap(([kind, { label, command }]) =>
      Object.entries({ label, command }).flatMap(([trigger, rule]): [string, string][] => [
        [`permissions.${kind}.${trigger}.least`, rule.least],
        [`permissions.${kind}.${trigger}.allow`, showAllow(rule.allow)],
        [`permissions.${kind}.${trigger}.deny`, showPeople(rule.deny)],
      ]),
    ),
  ]);
}

function entriesOf<Value>(
  section: string,
  entries: ReadonlyMap<string, Value>,
  shown: (value: Value) => string,
): [string, string][] {
  return [...entries].map(([name, value]) => [`${section}.${name}`, shown(value)]);
}

interface Setting {
  readonly name: string;
  readonly value: string;
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
  const from = source.enforced ? `${source.from}, enforced` : source.from;
  if (source.overruled === undefined) return from;
  return `${from}; ${cell(source.overruled)} of the repository has no effect`;
}

/** Anybody's text in a table: code, so that it mentions nobody, and without the table's own sign. */
function cell(text: string): string {
  const line = plainLine(text, LONGEST_VALUE).replaceAll("\\|", "\\ |");
  return inlineCode(line).replaceAll("|", "\\|");
}

function describeVersions(versions: PolicyVersions): string[] {
  const { repository, organisation, organisationVisible } = versions;
  const none = organisationVisible ? "no file" : "the bot sees no such repository";
  return [
    `- ${inlineCode(POLICY_PATH)} of this repository: ${version(repository) ?? "no file"}`,
    `- ${inlineCode(POLICY_PATH)} of the organisation's \`.github\` repository: ${version(organisation) ?? none}`,
  ];
}

function version(sha: string | null): string | null {
  return sha === null ? null : `version ${inlineCode(plainLine(sha, 64))}`;
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
  const whose = of === "repository" ? "this repository" : "the organisation";
  const items = problems.map(
    ({ line, column, message }) => `- line ${line}, column ${column}: ${message}`,
  );
  return [`The [policy file of ${whose}](${where}) is wrong:`, "", ...items].join("\n");
}
