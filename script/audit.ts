import { join } from "node:path";
import { parseArgs } from "node:util";
import { stringify } from "csv-stringify/sync";
import { z } from "zod";
import type { AuditEntry } from "../src/core/audit.ts";
import { AUDIT_STEPS } from "../src/core/audit.ts";
import { plainLine } from "../src/core/plain-text.ts";
import type { AuditFilter } from "../src/store/audit.ts";
import { readAudit } from "../src/store/audit.ts";
import { openPostgres } from "../src/store/postgres.ts";
import { openSqliteToRead } from "../src/store/sqlite.ts";

const HELP = `Usage: script/audit [--format table|jsonl|csv] [what to show]

Prints the audit, oldest first: who made the bot do what, where, when, and what came of it. It is read from
the database that the environment or .env names (DATABASE_URL, else tasks.db in DATA_DIR), also while the
bot is at work. Nothing is changed.

  --since TIME             from this time on
  --until TIME             before this time; for a day: until its end
  --repository OWNER/NAME  of this repository
  --requester LOGIN        of this requester
  --step STEP              ${AUDIT_STEPS.slice(0, 6).join(", ")},
                           ${AUDIT_STEPS.slice(6).join(", ")}
  --reason REASON          of this reason, e.g. policy_blocked
  --subject NUMBER         of this issue or pull request
  --task ID                of this task, or of those whose id begins so
  --limit NUMBER           only the newest so many (100)
  --format FORMAT          table (default), jsonl or csv, which have more columns
  --help                   prints this

A TIME is a day (2026-11-21), a time with its zone (2026-11-21T12:00Z), or how long ago (7d, 24h). Days and
times are in UTC.

Exits with 0, with 64 when an argument is wrong, with 1 when the audit cannot be read.`;

/** As in sysexits.h. */
const EX_USAGE = 64;

/** What no field of an entry is longer than, unless somebody has tampered with it. */
const LONGEST_FIELD = 500;

const FORMATS = { table: asTable, jsonl: asJsonLines, csv: asCsv };

const UNITS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000 };

/** With its zone, with seconds or without. */
const TIME = z.union([
  z.iso.datetime({ offset: true }),
  z.iso.datetime({ offset: true, precision: -1 }),
]);

/** A time that the user gives, in ISO 8601; of a day, `dayAddsMs` after its beginning. */
function time(now: number, dayAddsMs: number) {
  return z.string().transform((value, context) => {
    const [, amount = "", unit = ""] = /^(\d{1,6})([dh])$/u.exec(value) ?? [];
    const isDay = z.iso.date().safeParse(value).success;
    if (unit !== "") return new Date(now - Number(amount) * (UNITS[unit] ?? 0)).toISOString();
    if (isDay) return new Date(Date.parse(value) + dayAddsMs).toISOString();
    if (TIME.safeParse(value).success) return new Date(value).toISOString();
    const examples = "2026-11-21, 2026-11-21T12:00Z, 7d or 24h";
    context.addIssue({ code: "custom", message: `must be a time such as ${examples}` });
    return z.NEVER;
  });
}

function oneOf<const Names extends readonly [string, ...string[]]>(names: Names) {
  return z.enum(names, { error: `must be one of ${names.join(", ")}` });
}

function count(most: number) {
  const error = `must be a whole number from 1 to ${most}`;
  return z
    .string()
    .regex(/^\d{1,15}$/u, error)
    .transform(Number)
    .pipe(z.int().min(1, error).max(most, error));
}

function wishesAt(now: number) {
  return z.object({
    format: oneOf(["table", "jsonl", "csv"]).default("table"),
    since: time(now, 0).optional(),
    until: time(now, UNITS["d"] ?? 0).optional(),
    repository: z
      .string()
      .regex(/^[\w-]+\/[\w.-]+$/u, "must be a repository, as octo-org/hello is one")
      .optional(),
    requester: z
      .string()
      .regex(/^[\w-]+$/u, "must be a login, as octocat is one")
      .optional(),
    step: oneOf(AUDIT_STEPS).optional(),
    reason: z
      .string()
      .regex(/^[\w-]+$/u, "must be a code, as policy_blocked is one")
      .optional(),
    subject: count(Number.MAX_SAFE_INTEGER).optional(),
    task: z
      .string()
      .toLowerCase()
      .regex(/^[0-9a-f][0-9a-f-]{0,35}$/u, "must be a task's id, or how one begins")
      .optional(),
    limit: count(1_000_000).default(100),
    help: z.boolean().default(false),
  });
}

type Wishes = z.output<ReturnType<typeof wishesAt>>;

/** @throws Error with a sentence for each wrong argument */
function readWishes(): Wishes {
  const text = { type: "string" } as const;
  const options = {
    format: text,
    since: text,
    until: text,
    repository: text,
    requester: text,
    step: text,
    reason: text,
    subject: text,
    task: text,
    limit: text,
    help: { type: "boolean", short: "h" },
  } as const;
  const result = wishesAt(Date.now()).safeParse(parseArgs({ options }).values);
  if (result.success) return result.data;
  const sentences = result.error.issues.map(
    ({ path, message }) => `--${path.join(".")} ${message}.`,
  );
  throw new Error(sentences.join("\n"));
}

function filterOf(wishes: Wishes): AuditFilter {
  const { since, until, requester, step, reason, task, limit } = wishes;
  const [owner, repository] = wishes.repository?.split("/") ?? [];
  const given = { since, until, owner, repository, requester, step, reason, task, limit };
  return { ...given, subjectNumber: wishes.subject };
}

/** The database as the environment says; a variable that is set to nothing counts as not set. */
function open() {
  const url = process.env["DATABASE_URL"]?.trim() ?? "";
  if (url !== "") return openPostgres(url);
  const directory = process.env["DATA_DIR"]?.trim() ?? "";
  return openSqliteToRead(join(directory === "" ? "data" : directory, "tasks.db"));
}

async function read(filter: AuditFilter): Promise<AuditEntry[]> {
  const database = open();
  try {
    return await readAudit(database, filter);
  } finally {
    await database.destroy();
  }
}

/** An entry without anything that a terminal would obey. */
function clean(entry: AuditEntry): AuditEntry {
  const fields = Object.entries(entry).map(([name, value]: [string, unknown]) => [
    name,
    typeof value === "string" ? plainLine(value, LONGEST_FIELD) : value,
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
] as const satisfies readonly (keyof AuditEntry)[];

function asCsv(entries: readonly AuditEntry[]): string {
  // A spreadsheet would take a label that begins with = for a formula.
  return stringify([...entries], { header: true, columns: [...COLUMNS], escape_formulas: true });
}

const HEAD = ["AT", "STEP", "REASON", "REQUESTER", "ROLE", "SUBJECT", "TRIGGER", "KIND", "TASK"];

function asTable(entries: readonly AuditEntry[]): string {
  const rows = [HEAD, ...entries.map(cellsOf)];
  const widths = HEAD.map((_, column) =>
    rows.reduce((widest, row) => Math.max(widest, widthOf(row[column])), 0),
  );
  const lines = rows.map((row) =>
    row.map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - widthOf(cell))).join("  "),
  );
  return lines.map((line) => `${line.trimEnd()}\n`).join("");
}

const SEGMENTER = new Intl.Segmenter();

function widthOf(text = ""): number {
  return [...SEGMENTER.segment(text)].length;
}

function cellsOf(entry: AuditEntry): string[] {
  const { at, step, reason, requester, requesterRole, kind, taskId } = entry;
  const trigger = entry.triggerLabel ?? `/copilot ${entry.command ?? ""}`;
  const subject = `${entry.owner}/${entry.repository}#${entry.subjectNumber}`;
  const cells = [at, step, reason, requester, requesterRole, subject, trigger, kind];
  return [...cells.map((cell) => cell ?? "-"), taskId.slice(0, 8)];
}

function leave(code: number, message: string): void {
  console.error(message);
  process.exitCode = code;
}

async function main(): Promise<void> {
  // It is no failure when somebody reads only the beginning, as head does.
  process.stdout.on("error", (error) =>
    process.exit("code" in error && error.code === "EPIPE" ? 0 : 1),
  );
  let wishes: Wishes;
  try {
    wishes = readWishes();
  } catch (error) {
    leave(EX_USAGE, `${messageOf(error)}\nscript/audit --help tells what there is.`);
    return;
  }
  if (wishes.help) {
    console.log(HELP);
    return;
  }
  try {
    const entries = (await read(filterOf(wishes))).map(clean);
    process.stdout.write(FORMATS[wishes.format](entries));
  } catch (error) {
    leave(1, `The audit cannot be read: ${messageOf(error)}`);
  }
}

/** An error of the network has only a code where it tried several addresses. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message === "" && "code" in error ? String(error.code) : error.message;
}

await main();
