import { readAudit } from "../src/store/audit.ts";
import { formatted } from "./lib/audit-formats.ts";
import { filterOf, readAuditOptions } from "./lib/audit-options.ts";
import { databasePlace } from "./lib/database-place.ts";
import { openDatabaseToRead } from "./lib/open-database.ts";
import { fail } from "./lib/program.ts";
import { verified } from "./lib/verified-audit.ts";

/** Somebody has changed the audit. */
const EXIT_TAMPERED = 2;

const options = readAuditOptions(Date.now());

async function print(database: ReturnType<typeof openDatabaseToRead>): Promise<void> {
  if (options.verify === true || options.head !== undefined) {
    const { text, isWhole } = await verified(database, options.head);
    process.stdout.write(text);
    if (!isWhole) process.exitCode = EXIT_TAMPERED;
    return;
  }
  const entries = await readAudit(database, filterOf(options));
  process.stdout.write(formatted(entries, options.format));
}

// It is no failure when somebody reads only the beginning, as head does.
process.stdout.on("error", (error) =>
  process.exit("code" in error && error.code === "EPIPE" ? 0 : 1),
);
try {
  const database = openDatabaseToRead(databasePlace(process.env));
  try {
    await print(database);
  } finally {
    await database.destroy();
  }
} catch (error) {
  fail("Can't read the audit", error);
}
