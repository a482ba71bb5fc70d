import { databasePlace } from "../config/database-url.ts";
import { CannotStart } from "../core/error/cannot-start.ts";
import type {
  HostingJobs,
  HostingRows,
  MachineRows,
  Mail,
  WorkerRows,
} from "../ports/hosting-rows.ts";
import type { Log } from "../ports/log.ts";
import { openHostingJobs } from "../queue/hosting-jobs.ts";
import { createMail } from "../store/hosting-mail.ts";
import { createHostingRows } from "../store/hosting-rows.ts";
import { createMachineRows } from "../store/machine-rows.ts";
import { openPostgres } from "../store/postgres.ts";
import { readPostgresFacts, serverProblem } from "../store/postgres-facts.ts";
import { postgresCodeOf, postgresProblem } from "../store/postgres-trouble.ts";
import type { WorkerRights } from "../store/worker-rights.ts";
import { readWorkerRights } from "../store/worker-rights.ts";
import { createWorkerRows } from "../store/worker-rows.ts";

/** What the bot and its workers reach each other through. */
export interface HostingDatabase {
  readonly rows: HostingRows;
  readonly machineRows: MachineRows;
  readonly workers: WorkerRows;
  readonly mail: Mail;
  readonly jobs: HostingJobs;
  /** What the role that it's connected as may do in it. */
  rights(): Promise<WorkerRights>;
  close(): Promise<void>;
}

/**
 * Connects to the bot's database for what is between it and its workers. Nothing is made there: the bot does that.
 *
 * @throws CannotStart when the server can't be used, or the bot hasn't made its tables yet
 */
export async function openHostingDatabase(
  url: string,
  log: Pick<Log, "error">,
): Promise<HostingDatabase> {
  const database = openPostgres(url);
  try {
    const facts = await readPostgresFacts(database);
    const problem = serverProblem(facts);
    if (problem !== null) throw problem;
    if (!facts.hasQueueSchema) throw NOT_MADE;
    const workers = createWorkerRows(database);
    await workers.all();
    const jobs = await openHostingJobs(url, log);
    return {
      rows: createHostingRows(database),
      machineRows: createMachineRows(database),
      workers,
      mail: createMail(database),
      jobs,
      rights: () => readWorkerRights(database),
      async close() {
        await jobs.close();
        await database.destroy();
      },
    };
  } catch (error) {
    await database.destroy();
    throw problemOf(error, url);
  }
}

const NOT_MADE = new CannotStart(
  "outage",
  "The database in DATABASE_URL has no tables for workers yet. Start the bot first, in this version and with this database.",
);

const RIGHTS =
  "The role of DATABASE_URL may not use the tables for workers. docs/self-hosted.md has the statements that grant this.";

function problemOf(error: unknown, url: string): unknown {
  if (error instanceof CannotStart) return error;
  const code = postgresCodeOf(error);
  // The table, or the schema, isn't there.
  if (code === "42P01" || code === "3F000") return NOT_MADE;
  if (code === "42501") return new CannotStart("configuration", RIGHTS, { cause: error });
  return postgresProblem(error, databasePlace(url)) ?? error;
}
