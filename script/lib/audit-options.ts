import { Option } from "@commander-js/extra-typings";
import { z } from "zod";
import { AUDIT_STEPS } from "../../src/core/task/audit.ts";
import type { AuditFilter } from "../../src/store/audit.ts";
import { checked, program } from "./program.ts";
import { repositoryName, wholeNumber } from "./values.ts";

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
    const message = "Use a time like 2026-11-21, 2026-11-21T12:00Z, 7d, or 24h.";
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  });
}

const login = z.string().regex(/^[\w-]+$/u, "Use a login, like octocat.");
const reason = z.string().regex(/^[\w-]+$/u, "Use a code, like policy_blocked.");
const taskId = z
  .string()
  .toLowerCase()
  .regex(/^[0-9a-f][0-9a-f-]{0,35}$/u, "Use a task's id, or the beginning of one.");
const digest = z
  .string()
  .toLowerCase()
  .regex(/^[0-9a-f]{64}$/u, "Use a digest that --verify printed: 64 hexadecimal digits.");

const AFTERWORD = `
A time is a day (2026-11-21), a time with its zone (2026-11-21T12:00Z), or how long ago (7d, 24h). Days and
times are in UTC.

Exit codes: 0 done, 64 wrong option or argument, 1 the audit can't be read, 2 --verify found changes.`;

/**
 * What the user wants of `script/audit`. Ends the process where the arguments are wrong, or ask for help.
 *
 * @param now in milliseconds since the epoch
 * @param args without the program's own name
 */
export function readAuditOptions(now: number, args: readonly string[] = process.argv.slice(2)) {
  return program(
    "script/audit",
    "Prints the audit, oldest entry first: who asked the bot for what, where and when, and what came of it. Reads the database that DATABASE_URL or DATA_DIR names, also while the bot runs. Changes nothing.",
  )
    .option("--since <time>", "from this time on", checked(time(now, 0)))
    .option(
      "--until <time>",
      "before this time; for a day: until its end",
      checked(time(now, UNITS["d"] ?? 0)),
    )
    .option("--repository <owner/name>", "of this repository", checked(repositoryName))
    .option("--requester <login>", "of this requester", checked(login))
    .addOption(new Option("--step <step>", "of this step").choices(AUDIT_STEPS))
    .option("--reason <reason>", "with this reason, like policy_blocked", checked(reason))
    .option(
      "--subject <number>",
      "of this issue or pull request",
      checked(wholeNumber(1, Number.MAX_SAFE_INTEGER)),
    )
    .option("--task <id>", "of this task, or of those whose id begins with it", checked(taskId))
    .option("--limit <number>", "only the newest entries", checked(wholeNumber(1, 1_000_000)), 100)
    .addOption(
      new Option("--format <format>", "jsonl and csv have more columns")
        .choices(["table", "jsonl", "csv"])
        .default("table"),
    )
    .option(
      "--verify",
      "check all entries instead: none was changed, replaced, or deleted by hand since it was sealed; print the newest digest of each chain",
    )
    .option(
      "--head <digest>",
      "verify, and check that this digest, printed earlier, is still in a chain",
      checked(digest),
    )
    .addHelpText("after", AFTERWORD)
    .parse(args, { from: "user" })
    .opts();
}

type AuditOptions = ReturnType<typeof readAuditOptions>;

/** Which entries to read. */
export function filterOf(options: AuditOptions): AuditFilter {
  const { since, until, requester, step, reason: why, task, limit, repository, subject } = options;
  return {
    since,
    until,
    requester,
    step,
    reason: why,
    task,
    limit,
    ...repository,
    subjectNumber: subject,
  };
}
