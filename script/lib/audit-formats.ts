import { stringify } from "csv-stringify/sync";
import type { AuditEntry } from "../../src/core/task/audit.ts";
import { plainLine } from "../../src/core/text/quote.ts";
import { asText } from "./text-table.ts";

/** What no field of an entry is longer than, unless somebody has tampered with it. */
const MAX_FIELD = 500;

/** How entries of the audit can be printed. */
export type AuditFormat = "table" | "jsonl" | "csv";

const FORMATS = { table: asTable, jsonl: asJsonLines, csv: asCsv } satisfies Record<
  AuditFormat,
  (entries: readonly AuditEntry[]) => string
>;

/** The entries as text, without control characters for a terminal. */
export function formatted(entries: readonly AuditEntry[], format: AuditFormat): string {
  return FORMATS[format](entries.map(clean));
}

function clean(entry: AuditEntry): AuditEntry {
  const fields = Object.entries(entry).map(([name, value]: [string, unknown]) => [
    name,
    typeof value === "string" ? plainLine(value, MAX_FIELD) : value,
  ]);
  return { ...entry, ...Object.fromEntries(fields) };
}

function asJsonLines(entries: readonly AuditEntry[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");
}

const COLUMNS = [
  "id",
  "at",
  "taskId",
  "step",
  "reason",
  "requester",
  "requesterId",
  "requesterRole",
  "installationId",
  "ownerId",
  "owner",
  "repositoryId",
  "repository",
  "subjectType",
  "subjectNumber",
  "triggerLabel",
  "command",
  "kind",
  "promptDigest",
  "policyCommit",
  "defaultsCommit",
  "sessionId",
  "identity",
] as const satisfies readonly (keyof AuditEntry)[];

function asCsv(entries: readonly AuditEntry[]): string {
  // A spreadsheet would take a label that begins with = for a formula.
  return stringify([...entries], { header: true, columns: [...COLUMNS], escape_formulas: true });
}

const HEAD = [
  "AT",
  "STEP",
  "REASON",
  "REQUESTER",
  "ROLE",
  "SUBJECT",
  "TRIGGER",
  "KIND",
  "COPILOT OF",
  "TASK",
];

function asTable(entries: readonly AuditEntry[]): string {
  return asText([HEAD, ...entries.map(cellsOf)]);
}

function cellsOf(entry: AuditEntry): string[] {
  const { at, step, reason, requester, requesterRole, kind, taskId } = entry;
  const trigger = entry.triggerLabel ?? `/copilot ${entry.command ?? ""}`;
  const subject = `${entry.owner}/${entry.repository}#${entry.subjectNumber}`;
  // A login is never empty: this one was erased.
  const who = requester === "" ? "(erased)" : requester;
  // No login has parentheses.
  const { identity } = entry;
  const copilotOf = identity === "requester" ? who : identity && `(${identity})`;
  const cells = [at, step, reason, who, requesterRole, subject, trigger, kind, copilotOf];
  return [...cells.map((cell) => cell ?? "-"), taskId.slice(0, 8)];
}
