import type { ExaminedPolicy, PolicyText } from "../policy/examine.ts";
import { examinePolicy, mistakesIn } from "../policy/examine.ts";
import type { FileOwner, Policy } from "../policy/policy.ts";
import { mergePolicies } from "../policy/policy.ts";
import type { Problem } from "../policy/read.ts";
import { POLICY_PATH, SECTIONS } from "../policy/schema.ts";
import { cellCode, inlineCode, plainLine } from "../text/quote.ts";
import type { ShownValue } from "../policy/shown-value.ts";
import { inWords } from "../policy/shown-value.ts";
import type { ChangedSetting } from "./policy-changes.ts";
import { changedSettings, changedValues, changesForPeople } from "./policy-changes.ts";
import { shownValue, valuesOf } from "./setting-values.ts";

/** What a pull request that changes the policy file shows: a completed check run. */
export interface PolicyCheckRun {
  readonly conclusion: "success" | "failure" | "neutral";
  readonly title: string;
  /** Markdown. */
  readonly summary: string;
  /** Mistakes at their places in the file; GitHub takes 50 of them. */
  readonly annotations: readonly Problem[];
}

interface ChangedFile {
  /** The repository's name: that of the organization's own file is `.github`. */
  readonly repository: string;
  /** Null where there's no file. */
  readonly before: PolicyText | null;
  readonly after: PolicyText | null;
  /** Hidden: nothing may depend on what it says, for strangers could find that out. */
  readonly organization: PolicyText | "hidden" | null;
}

const MAX_ANNOTATIONS = 50;

/** A table of more rows says nothing to anybody. */
const MAX_ROWS = 100;

const FILE = inlineCode(POLICY_PATH);

/** The most characters of a summary; GitHub takes 65,535. */
const MAX_SUMMARY = 60_000;

/** The check run for a pull request: the file's mistakes, or what it changes for whom. */
export function policyCheckRun(changed: ChangedFile): PolicyCheckRun {
  const run = wholeRun(changed);
  return { ...run, summary: firstLines(run.summary) };
}

function firstLines(summary: string): string {
  if (summary.length <= MAX_SUMMARY) return summary;
  const end = summary.lastIndexOf("\n", MAX_SUMMARY);
  const shown = summary.slice(0, end === -1 ? MAX_SUMMARY : end).toWellFormed();
  return `${shown}\n\n… and more, which doesn't fit here.`;
}

function wholeRun({ repository, before, after, organization }: ChangedFile): PolicyCheckRun {
  const of = repository === ".github" ? "organization" : "repository";
  if (organization === "hidden") return byItself(before, after);
  const examined = examinePolicy(after, of, organization);
  if (examined.type === "problems") return withMistakes(examined.problems, of);
  if (examined.type === "organization_wrong") return ORGANIZATION_WRONG;
  return withChanges(examinePolicy(before, of, organization), examined, of);
}

function withMistakes(problems: readonly Problem[], of: FileOwner): PolicyCheckRun {
  const many = problems.length === 1 ? "1 mistake" : `${problems.length} mistakes`;
  const where = of === "repository" ? "here" : "in the organization's repositories";
  return {
    conclusion: "failure",
    title: many,
    summary: [
      `${FILE} has ${many}. If it's merged like this, nobody can start tasks ${where} until that's fixed.`,
      "",
      ...itemsOf(problems),
    ].join("\n"),
    annotations: problems.slice(0, MAX_ANNOTATIONS),
  };
}

function itemsOf(problems: readonly Problem[]): readonly string[] {
  return problems.map(({ line, column, message }) => {
    return `- line ${line}, column ${column}: ${message}`;
  });
}

const ORGANIZATION_WRONG: PolicyCheckRun = {
  conclusion: "neutral",
  title: "The organization's file has mistakes",
  summary: `${FILE} has no mistakes of its own. But the organization's file in its \`.github\` repository has, so nobody can start tasks here until that's fixed. \`/copilot config\` shows them.`,
  annotations: [],
};

type Valid = Extract<ExaminedPolicy, { readonly type: "policy" }>;

function withChanges(before: ExaminedPolicy, after: Valid, of: FileOwner): PolicyCheckRun {
  const old = before.type === "policy" ? before.policy : builtIn();
  const changed = changedSettings(old, after.policy);
  const rows = [...rowsOf(changed), ...enforcedRow(before, after)];
  const people = changesForPeople(old, after.policy).map((sentence) => `- ${sentence}`);
  const notes = [...after.gaps, ...after.deprecations].map((note) => `- ${note}`);
  return {
    conclusion: "success",
    title: titleOf(after.file === null ? "Deleted" : "Valid", rows),
    summary: paragraphs([
      [introduction(after, of)],
      before.type === "policy" ? [] : [WAS_WRONG],
      people,
      tableOf(rows),
      notes,
    ]),
    annotations: [],
  };
}

/** What a repository's file changes by itself, beside an organization's that isn't shown. */
function byItself(before: PolicyText | null, after: PolicyText | null): PolicyCheckRun {
  const mistakes = mistakesIn(after, "repository");
  if (mistakes.length > 0) return withMistakes(mistakes, "repository");
  const examined = examinePolicy(after, "repository");
  if (examined.type !== "policy") {
    const problems = examined.type === "problems" ? itemsOf(examined.problems) : [];
    return {
      conclusion: "neutral",
      title: "Valid only if the organization's file fits",
      summary: paragraphs([
        [`${FILE} is valid only together with the organization's file. ${NOT_SHOWN}`],
        problems,
      ]),
      annotations: [],
    };
  }
  const old = examinePolicy(before, "repository");
  const oldNames = old.type === "policy" ? old.sources.keys() : [];
  const names = [...oldNames, ...examined.sources.keys()];
  const rows = rowsOf(changedValues(saidIn(old, names), saidIn(examined, names)));
  const notes = examined.deprecations.map((note) => `- ${note}`);
  return {
    conclusion: "success",
    title: titleOf(after === null ? "Deleted" : "Valid by itself", rows),
    summary: paragraphs([
      [introduction(examined, "repository")],
      [NOT_SHOWN],
      tableOf(rows),
      notes,
    ]),
    annotations: [],
  };
}

const NOT_SHOWN =
  "The organization has a file, too, which isn't shown here: not everybody who sees this repository can see its `.github` repository. It may have settings for what this file doesn't say, and enforce others.";

const ELSEWHERE = inWords("set by the organization, or default");

/** What a file says of these settings. */
function saidIn(
  examined: ExaminedPolicy,
  names: readonly string[],
): ReadonlyMap<string, ShownValue> {
  if (examined.type !== "policy") return new Map(names.map((name) => [name, ELSEWHERE]));
  const values = valuesOf(examined.policy);
  return new Map(
    names.map((name) => {
      const isSaid = examined.sources.get(name)?.from === "repository";
      return [name, isSaid ? (values.get(name) ?? inWords("none")) : ELSEWHERE];
    }),
  );
}

function titleOf(valid: string, { length }: readonly string[]): string {
  if (length === 0) return `${valid}: nothing changes`;
  return `${valid}: ${length === 1 ? "1 setting changes" : `${length} settings change`}`;
}

function rowsOf(changed: readonly ChangedSetting[]): readonly string[] {
  return changed.map((setting) => row(setting.name, setting.before, setting.after));
}

const WAS_WRONG =
  "The file on the base branch has mistakes, so nobody can start tasks now. The changes below are those from the default settings.";

const WITHOUT: Readonly<Record<FileOwner, string>> = {
  repository: `This deletes ${FILE}, or moves it away. When it's merged into the default branch, the default settings apply here, and what the organization's file says, if there is one.`,
  organization: `This deletes ${FILE}, or moves it away. When it's merged into the default branch, the default settings apply to all repositories of the organization, as far as their own files don't say otherwise.`,
};

function introduction({ file }: Valid, of: FileOwner): string {
  if (file === null) return WITHOUT[of];
  return of === "repository"
    ? `${FILE} has no mistakes. When it's merged into the default branch, it holds for this repository.`
    : `${FILE} has no mistakes. When it's merged into the default branch, it holds for all repositories of the organization, as far as their own files don't say otherwise.`;
}

function builtIn(): Policy {
  const merged = mergePolicies({ organization: null, repository: null });
  if (merged.type === "problems") throw new TypeError("the built-in policy has problems");
  return merged.policy;
}

function row(name: string, ...values: readonly ShownValue[]): string {
  return `| ${[cell(name), ...values.map((value) => shownValue(value, cell))].join(" | ")} |`;
}

/** What an organization enforces is no setting of a repository's. */
function enforcedRow(before: ExaminedPolicy, after: Valid): string[] {
  const [old, now] = [before, after].map(enforcedBy);
  return old === now ? [] : [`| \`enforced\` | ${old ?? ""} | ${now ?? ""} |`];
}

function enforcedBy(examined: ExaminedPolicy): string {
  const said = examined.type === "policy" ? (examined.file?.settings.enforced ?? []) : [];
  const sections = said === true ? SECTIONS : said;
  if (sections.length === SECTIONS.length) return "all sections";
  return sections.length === 0 ? "none" : sections.map(cell).join(", ");
}

function tableOf(rows: readonly string[]): string[] {
  if (rows.length === 0) return [];
  const more = rows.length - MAX_ROWS;
  return [
    "| setting | now | when merged |",
    "| --- | --- | --- |",
    ...rows.slice(0, MAX_ROWS),
    ...(more > 0 ? ["", `… and ${more} more.`] : []),
  ];
}

function paragraphs(parts: readonly (readonly string[])[]): string {
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

/** Anybody's text in a table: code, so that it mentions nobody. */
function cell(text: string): string {
  return cellCode(plainLine(text, 200));
}
