import type { Kysely } from "kysely";
import type {
  AuditProblem,
  AuditVerification,
  VerifiedChain,
} from "../../src/store/audit-verification.ts";
import { hasHead, MAX_PROBLEMS, verifyAudit } from "../../src/store/audit-verification.ts";
import type { Schema } from "../../src/store/schema.ts";
import { asText } from "./text-table.ts";

/** What `script/audit --verify` prints, and whether the audit is as the bot wrote it. */
export async function verified(
  database: Kysely<Schema>,
  head: string | undefined,
): Promise<{ text: string; isWhole: boolean }> {
  const found = await verifyAudit(database);
  const isHeadThere = head === undefined || (await hasHead(database, head));
  const sentences = [
    ...found.problems.map(sentenceOf),
    ...(found.problems.length === MAX_PROBLEMS ? ["There may be more."] : []),
    ...(isHeadThere
      ? []
      : [`No chain has the digest ${head}: entries were taken away or rewritten.`]),
  ];
  const isWhole = sentences.length === 0;
  const verdict = isWhole ? ["The audit is whole."] : ["THE AUDIT WAS CHANGED.", ...sentences];
  const lines = [...verdict, ...notesOn(found)];
  const table =
    found.chains.length === 0 ? "" : `\n${asText([HEAD, ...found.chains.map(cellsOf)])}`;
  return { text: lines.map((line) => `${line}\n`).join("") + table, isWhole };
}

const HEAD = ["INSTALLATION", "SEALED", "ERASED", "DELETED", "NEWEST DIGEST"];

function cellsOf({ chain, sealed, anonymized, deleted, head }: VerifiedChain): string[] {
  const name = chain < 0 ? `account ${-chain}` : String(chain);
  return [name, String(sealed), String(anonymized), String(deleted), head];
}

function notesOn({ chains, pending }: AuditVerification): string[] {
  const sum = (count: "sealedLate" | "anonymized" | "deleted") =>
    chains.reduce((total, chain) => total + chain[count], 0);
  const notes: readonly (readonly [number, string])[] = [
    [sum("anonymized"), "no longer say who asked: that person was erased."],
    [sum("deleted"), "were deleted with the data of their account; their seals are left."],
    [pending, "have no seal yet: the bot seals new ones every 30 seconds."],
    [
      sum("sealedLate"),
      "were sealed a day or more after they were written; the seal proves nothing about the time before.",
    ],
  ];
  return notes.filter(([count]) => count > 0).map(([count, what]) => `Entries: ${count} ${what}`);
}

function sentenceOf({ type, chain, auditId }: AuditProblem): string {
  const where = `(installation ${chain})`;
  switch (type) {
    case "changed":
      return `Entry ${auditId} was changed after it was sealed ${where}.`;
    case "missing":
      return `Entry ${auditId} was deleted ${where}.`;
    case "broken":
      return `The seal of entry ${auditId} doesn't follow the one before it ${where}: seals were changed or taken away.`;
    case "inserted":
      return `Entry ${auditId} was put among older ones later ${where}.`;
    default:
      return type satisfies never;
  }
}
