import type { Finding } from "../core/doctor/finding.ts";
import type { ExaminedPolicy, PolicyText } from "../core/policy/examine.ts";
import { examinePolicy, mistakesIn } from "../core/policy/examine.ts";
import type { Policy } from "../core/policy/policy.ts";
import { identityOf } from "../core/policy/policy.ts";
import type { Problem } from "../core/policy/read.ts";
import { POLICY_PATH } from "../core/policy/schema.ts";
import { checkTemplate, missingTemplate } from "../core/policy/template.ts";
import type { FileOwner } from "../core/policy/sources.ts";
import type { RepositoryName } from "../github/app-facts.ts";
import type { FilesToChange } from "./files-to-change.ts";
import type { DoctorProblem } from "./examination.ts";
import { failed, ok, quote, summary } from "./examination.ts";
import type { IdentityChoice } from "../core/policy/identity-choice.ts";
import {
  IDENTITY_CHOICES,
  PROVIDED_ACCOUNTS,
  DEFAULT_ACCOUNT,
} from "../core/policy/identity-choice.ts";

/** What the findings are called. */
export const REPOSITORY_POLICY = "repository policy";
const ORGANIZATION_POLICY = "organization policy";
const PROMPTS = "prompt templates";
const IDENTITY = "identity of sessions";

/** The policy files of a repository, and of its organization; null where there's none. */
export interface PolicyTexts {
  readonly repository: PolicyText | null;
  readonly organization: PolicyText | null;
}

/** What a repository's tasks begin under. */
export function examinedPolicy({ repository, organization }: PolicyTexts): ExaminedPolicy {
  return examinePolicy(repository, "repository", organization);
}

/** What is wrong with the repository's policy file, or with both files together: then no task starts there. */
export function judgeRepositoryPolicy(
  texts: PolicyTexts,
  { owner, repository }: RepositoryName,
): readonly Finding[] {
  const examined = examinedPolicy(texts);
  const place = `${owner}/${repository}/${POLICY_PATH}`;
  switch (examined.type) {
    case "problems":
      return [wrongFile(REPOSITORY_POLICY, place, examined.problems, "in this repository")];
    case "organization_wrong": {
      // What is wrong with the organization's file alone is another finding.
      const isAlone = mistakesIn(texts.organization, "organization").length > 0;
      const other = `${owner}/.github/${POLICY_PATH}`;
      return isAlone
        ? []
        : [wrongFile(ORGANIZATION_POLICY, other, examined.problems, "in this repository")];
    }
    case "policy":
      return texts.repository === null
        ? []
        : [ok(REPOSITORY_POLICY, `${quote(place)} has no problems.`)];
    default:
      return examined satisfies never;
  }
}

/** So many problems of a file are listed. */
const MAX_LISTED = 5;

/** A policy file under which nothing starts. @param where that is */
export function wrongFile(
  what: string,
  place: string,
  problems: readonly Problem[],
  where = "",
): Finding {
  const listed = problems
    .slice(0, MAX_LISTED)
    .map(({ line, column, message }) => `Line ${line}, column ${column}: ${message}`);
  const more = problems.length - listed.length;
  const others = more > 0 ? ` And ${more} more.` : "";
  const scope = where === "" ? "" : ` ${where}`;
  const found = `${quote(place)} has problems, so no task starts${scope}. ${sentences(listed)}${others}`;
  return failed(what, found, "Fix the file. `/copilot config` lists all problems.");
}

function sentences(texts: readonly string[]): string {
  return texts.map((text) => (/[.?]$/u.test(text) ? text : `${text}.`)).join(" ");
}

/** Whether sessions can run as somebody on this bot. */
export type HasIdentity = (choice: IdentityChoice) => boolean;

/** Whether this bot has whose Copilot the policy wants; nothing where it has. */
export function judgeIdentities(
  policy: Policy,
  has: HasIdentity,
  filesOf: FilesToChange,
): readonly Finding[] {
  const problems = IDENTITY_CHOICES.flatMap((wanted): DoctorProblem[] => {
    const kinds = [...policy.prompts.keys()].filter((kind) => identityOf(policy, kind) === wanted);
    // Where people can't connect theirs, all is the default account's anyway.
    const isThere = has(wanted) || (wanted === DEFAULT_ACCOUNT && !has("requester"));
    if (kinds.length === 0 || isThere) return [];
    const { lack, cure, denial } = lacking(wanted);
    const found = `The policy says \`identity: ${wanted}\` for ${kinds.map(quote).join(", ")}, but ${lack}, so no such task starts.`;
    const files = filesOf(denial, kinds);
    return [{ level: "failed", found, cure: `${cure}, or change \`identity\` in ${files}.` }];
  });
  return problems.length === 0 ? [] : [summary(IDENTITY, problems, "")];
}

function lacking(wanted: IdentityChoice) {
  if (wanted === "requester") {
    return {
      denial: { reason: "cannot_connect" },
      lack: "people can't connect their Copilot to this bot",
      cure: "Have the bot's administrator let people connect theirs (docs/identity.md)",
    } as const;
  }
  return {
    denial: { reason: "no_bot_account", account: wanted },
    lack: "this bot has no account of its own",
    cure: `Have the bot's administrator set \`${PROVIDED_ACCOUNTS[wanted].variable}\``,
  } as const;
}

/** Reads a file of the repository, or of the organization's; null where there's none. */
export type ReadTemplate = (of: FileOwner, path: string) => Promise<string | null>;

/** Whether the files are there that prompts are written with, and right; nothing where the policy names none. */
export async function judgeTemplates(
  policy: Policy,
  read: ReadTemplate,
): Promise<readonly Finding[]> {
  const named = [...policy.prompts].flatMap(([kind, source]) =>
    source.type === "path" ? [{ kind, of: source.of, path: source.path }] : [],
  );
  if (named.length === 0) return [];
  const judged = named.map(async ({ kind, of, path }): Promise<DoctorProblem[]> => {
    const text = await read(of, path);
    const found = text === null ? missingTemplate(kind, path) : wrongTemplate(kind, path, text);
    if (found === null) return [];
    const cure = "Fix the file that `prompts` names, or the name.";
    return [{ level: "failed", found: `${found} No such task starts.`, cure }];
  });
  const paths = named.map(({ path }) => quote(path)).join(", ");
  return [summary(PROMPTS, (await Promise.all(judged)).flat(), `${paths}.`)];
}

function wrongTemplate(kind: string, path: string, text: string): string | null {
  const [first] = checkTemplate(text);
  if (first === undefined) return null;
  const { line, column, message } = first;
  return sentences([
    `\`prompts.${kind}\`: ${quote(path)} has problems. Line ${line}, column ${column}: ${message}`,
  ]);
}

/** Whether anything can start in a repository, whatever its policy says; nothing where it can. */
export function judgeRepository(
  {
    isArchived,
    defaultBranch,
  }: { readonly isArchived: boolean; readonly defaultBranch: string | null },
  { owner, repository }: RepositoryName,
): readonly Finding[] {
  const what = "repository";
  const name = quote(`${owner}/${repository}`);
  if (isArchived)
    return [failed(what, `${name} is archived, so no task starts there.`, "Unarchive it.")];
  if (defaultBranch !== null) return [];
  return [failed(what, `${name} is empty, so no task starts there.`, "Push a first commit.")];
}

/** Issues are worked on in a branch that isn't there. */
export function judgeMissingBranch(
  branch: string,
  { owner, repository }: RepositoryName,
  filesOf: FilesToChange,
): Finding {
  const found = `The policy has Copilot work on issues in the branch ${quote(branch)}, which ${quote(`${owner}/${repository}`)} doesn't have, so no task on an issue starts.`;
  const files = filesOf({ reason: "branch_missing", branch }, ["default"]);
  return failed(
    "branch for issues",
    found,
    `Create the branch, or change \`branches.issues\` in ${files}.`,
  );
}
