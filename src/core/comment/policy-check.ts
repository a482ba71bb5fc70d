import type { ExaminedPolicy, PolicyText } from "../policy/examine.ts";
import { examinePolicy } from "../policy/examine.ts";
import type { FileOwner, Policy } from "../policy/policy.ts";
import { mergePolicies } from "../policy/policy.ts";
import type { Problem } from "../policy/read.ts";
import { POLICY_PATH, SECTIONS } from "../policy/schema.ts";
import { cellCode, inlineCode, plainLine } from "../text/quote.ts";
import { changedSettings, changesForPeople } from "./policy-changes.ts";
import { shownValue } from "./setting-values.ts";

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
  readonly organization: PolicyText | null;
}

const MAX_ANNOTATIONS = 50;

/** A table of more rows says nothing to anybody. */
const MAX_ROWS = 100;

const FILE = inlineCode(POLICY_PATH);

/** The check run for a pull request: the file's mistakes, or what it changes for whom. */
export function policyCheckRun({
  repository,
  before,
  after,
  organization,
}: ChangedFile): PolicyCheckRun {
  const of = repository === ".github" ? "organization" : "repository";
  const examined = examinePolicy(after, of, organization);
  if (examined.type === "problems") return withMistakes(examined.problems, of);
  if (examined.type === "organization_wrong") return ORGANIZATION_WRONG;
  return withChanges(examinePolicy(before, of, organization), examined, of);
}

function withMistakes(problems: readonly Problem[], of: FileOwner): PolicyCheckRun {
  const many = problems.length === 1 ? "1 mistake" : `${problems.length} mistakes`;
  const where = of === "repository" ? "here" : "in the organization's repositories";
  const items = problems.map(
    ({ line, column, message }) => `- line ${line}, column ${column}: ${message}`,
  );
  return {
    conclusion: "failure",
    title: many,
    summary: [
      `${FILE} has ${many}. If it's merged like this, nobody can start tasks ${where} until that's fixed.`,
      "",
      ...items,
    ].join("\n"),
    annotations: problems.slice(0, MAX_ANNOTATIONS),
  };
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
  const rows = [
    ...changed.map((setting) => row(setting.name, setting.before, setting.after)),
    ...enforcedRow(before, after),
  ];
  const title =
    rows.length === 0
      ? "Valid: nothing changes"
      : `Valid: ${rows.length === 1 ? "1 setting changes" : `${rows.length} settings change`}`;
  const people = changesForPeople(old, after.policy).map((sentence) => `- ${sentence}`);
  const notes = [...after.gaps, ...after.deprecations].map((note) => `- ${note}`);
  return {
    conclusion: "success",
    title,
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

const WAS_WRONG =
  "The file on the base branch has mistakes, so nobody can start tasks now. The changes below are those from the default settings.";

function introduction({ file }: Valid, of: FileOwner): string {
  if (file === null) return `This deletes ${FILE}. Then the settings are those without it.`;
  return of === "repository"
    ? `${FILE} has no mistakes. When it's merged into the default branch, it holds for this repository.`
    : `${FILE} has no mistakes. When it's merged into the default branch, it holds for all repositories of the organization, as far as their own files don't say otherwise.`;
}

function builtIn(): Policy {
  const merged = mergePolicies({ organization: null, repository: null });
  if (merged.type === "problems") throw new TypeError("the built-in policy has problems");
  return merged.policy;
}

function row(name: string, ...values: readonly Parameters<typeof shownValue>[0][]): string {
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
