import type { Finding } from "../core/doctor/finding.ts";
import { CannotStart } from "../core/error/cannot-start.ts";
import type { SelfHosting } from "../core/policy/self-hosting.ts";
import type { WorkerRights } from "../store/worker-rights.ts";
import type { Check, Conditions } from "./examination.ts";
import { examineAll, failed, ok, quote, warning } from "./examination.ts";
import { checksHere } from "./self-hosting-checks.ts";

/** A worker's machine, before it works. */
export interface WorkerSubject {
  readonly selfHosting: SelfHosting;
  /** The machine's name, as people see it. */
  readonly name: string;
  readonly dataDir: string;
  /** What its role may do in the bot's database. Rejects with CannotStart when the worker couldn't work with it. */
  readonly rights: () => Promise<WorkerRights>;
  readonly log: Conditions["log"];
}

const DATABASE = "database";
const ROLE = "role in the database";
const TIME_LIMIT_MS = 20_000;

/** What a worker needs on its machine and of the bot's database, without starting it. Never rejects. */
export function examineWorker(subject: WorkerSubject): Promise<readonly Finding[]> {
  const { selfHosting, dataDir, log } = subject;
  const conditions = { audience: "administrator", timeLimitMs: TIME_LIMIT_MS, log } as const;
  const database: Check = { what: DATABASE, look: () => examineDatabase(subject) };
  const here = checksHere(
    { environment: { DATA_DIR: dataDir }, audience: "administrator" },
    selfHosting,
  );
  const places: Check = { what: "places", look: () => Promise.resolve(judgePlaces(subject)) };
  return examineAll([database, ...here, places], conditions);
}

async function examineDatabase({ rights }: WorkerSubject): Promise<readonly Finding[]> {
  try {
    return [
      ok(DATABASE, "PostgreSQL responds, and has the tables for workers."),
      judgeRights(await rights()),
    ];
  } catch (error) {
    if (!(error instanceof CannotStart)) throw error;
    return [failed(DATABASE, error.message, "docs/self-hosted.md has what a worker needs.")];
  }
}

/** Whether a worker's role may do what it has to, and no more. */
function judgeRights({ missing, readable }: WorkerRights): Finding {
  const statements = "docs/self-hosted.md has the statements that grant a worker what it needs.";
  if (missing.length > 0)
    return failed(ROLE, `It lacks rights: ${missing.join(", ")}.`, statements);
  return readable.length > 0
    ? warning(
        ROLE,
        `It can read tables of the bot's that a worker doesn't need: ${readable.join(", ")}.`,
        `Make a role for workers: ${statements}`,
      )
    : ok(ROLE, "It may do what a worker needs, and reads nothing else of the bot's.");
}

function judgePlaces({ name, selfHosting }: WorkerSubject): Finding {
  const { labels, sessions, repositories } = selfHosting;
  const many = sessions === 1 ? "1 session" : `${sessions} sessions`;
  const which = labels.length === 0 ? "without labels" : `labels: ${labels.map(quote).join(", ")}`;
  const found = `${quote(name)} runs up to ${many} at once, ${which}, of ${repositories.map(quote).join(", ")}.`;
  return ok("places", found);
}
