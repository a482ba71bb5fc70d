import type { Kysely } from "kysely";
import { sql } from "kysely";
import { z } from "zod";
import type { KnownPerson, Traces } from "../src/store/person.ts";
import { countTraces, erasePerson, findPeople } from "../src/store/person.ts";
import type { Schema } from "../src/store/schema.ts";
import { databasePlace } from "./lib/database-place.ts";
import { openDatabase } from "./lib/open-database.ts";
import { checked, fail, program } from "./lib/program.ts";

const AFTERWORD = `
Tasks of the person that are older than 8 days are deleted. Newer ones keep only what's needed to recognize their
webhooks when GitHub delivers them again, and are deleted after TASK_RETENTION_DAYS. Unfinished tasks are ended; their
sessions continue without the bot. The tokens of the person's Copilot and of their sign-ins are deleted here; at GitHub,
the person can end them under Settings, Applications. Audit entries stay without the login and id, and script/audit --verify still passes.

Not erased: comments, labels, and check runs on GitHub; sessions in Copilot and Mission Control; logs; backups
(script/backup, pg_dump). What other people or the agent wrote about the person stays until its task is deleted.

You can run it again. Exit codes: 0 done, 1 something failed, 64 wrong option or argument.`;

/** GitHub delivers a webhook again for 3 days, an Enterprise Server for 7. */
const REDELIVERY_MS = 8 * 86_400_000;

const loginOrId = z
  .string()
  .regex(/^[\w-]{1,100}(?:\[bot\])?$/u, "Use a login or an account's id.");

const command = program(
  "script/erase-person",
  "Erases one person from the database that DATABASE_URL or DATA_DIR names, also while the bot runs. Without --erase, it shows what it would erase and changes nothing.",
)
  .argument(
    "<login or id>",
    "a login that the person has or had, or the account's id; the id is safer, because logins can be passed on (https://api.github.com/users/LOGIN shows it)",
    checked(loginOrId),
  )
  .option("--erase", "erase")
  .addHelpText("after", AFTERWORD)
  .parse();

function described({ id, logins }: KnownPerson, traces: Traces): string {
  return [
    `Account ${id} (${logins.join(", ") || "no known login"}):`,
    `  tasks: ${traces.tasks} (${traces.unsettled} unfinished)`,
    `  messages and commands to tasks: ${traces.orders}`,
    `  audit entries: ${traces.audit}`,
    `  approvals of forks: ${traces.approvals}`,
    `  connections of a Copilot: ${traces.connections}`,
    `  sign-ins on the pages: ${traces.webSessions}`,
    `  notes in other people's tasks: ${traces.notes}`,
  ].join("\n");
}

async function run(database: Kysely<Schema>, name: string, isLocal: boolean): Promise<void> {
  const [person, ...others] = await findPeople(database, name);
  if (person === undefined) return console.log(`The database has nothing about ${name}.`);
  if (others.length > 0) {
    const ids = [person, ...others].map(({ id }) => id).join(", ");
    throw new Error(`several accounts had the login ${name}: ${ids}. Use one of these ids.`);
  }
  const traces = await countTraces(database, person);
  console.log(described(person, traces));
  if (traces.installed > 0) {
    console.log(
      "The App is still installed on that account. Uninstall it first, or the data comes back.",
    );
  }
  if (command.opts().erase !== true) {
    return console.log("Nothing was changed. Add --erase to erase this.");
  }
  // SQLite leaves what was deleted in the file, until something else takes its place.
  if (isLocal) await sql`pragma secure_delete = on`.execute(database);
  await erasePerson(database, person, {
    now: () => new Date(),
    deleteBefore: new Date(Date.now() - REDELIVERY_MS),
  });
  if (isLocal) await sql`pragma wal_checkpoint(truncate)`.execute(database);
  console.log(
    "Erased. GitHub's comments, Copilot's sessions, logs, and backups weren't; see --help.",
  );
}

process.umask(0o077);
try {
  const place = databasePlace(process.env);
  const database = openDatabase(place);
  try {
    await run(database, command.processedArgs[0], place.type === "sqlite");
  } finally {
    await database.destroy();
  }
} catch (error) {
  fail("Nobody was erased", error);
}
