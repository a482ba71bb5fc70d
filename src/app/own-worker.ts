import { randomUUID } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { denialOfHosting } from "../core/policy/placement.ts";
import type { SelfHosting } from "../core/policy/self-hosting.ts";
import type { Failure } from "../core/task/failure.ts";
import type { Log } from "../ports/log.ts";
import type { HostedRequest, SessionHost } from "../ports/session-host.ts";
import type { Tracing } from "../ports/tracing.ts";
import type { Worker } from "../worker/server.ts";
import { startWorker } from "../worker/server.ts";
import type { HostingDatabase } from "./hosting-database.ts";

/** What this machine's worker works with. */
export interface OwnWorkerOptions {
  readonly database: HostingDatabase;
  readonly host: SessionHost;
  readonly selfHosting: SelfHosting;
  /** The machine's name. */
  readonly name: string;
  /** `DATA_DIR`, which has its identity. */
  readonly directory: string;
  readonly tracing: Pick<Tracing, "spanOf">;
  readonly log: Log;
  readonly onReplaced: () => void;
}

/** Has this machine work for all replicas of the bot. */
export async function startOwnWorker(options: OwnWorkerOptions): Promise<Worker> {
  const { database, host, selfHosting, name, directory, tracing, log, onReplaced } = options;
  const { labels, sessions: places } = selfHosting;
  const worker = await startWorker({
    ...database,
    host,
    me: { id: identityIn(directory), process: randomUUID(), name },
    labels,
    places,
    refusal: (request) => refusalOf(request, selfHosting, name),
    tracing,
    log,
    onReplaced,
  });
  log.info({ machine: name, labels, sessions: places }, "this machine takes sessions");
  return worker;
}

const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u;

/** The same for each start with this directory: what it had before stays its own. */
function identityIn(directory: string): string {
  const file = join(directory, "worker-id");
  const id = readIdentity(file);
  if (id !== null) return id;
  const fresh = randomUUID();
  writeFileSync(`${file}.new`, `${fresh}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return fresh;
}

/** Null where there's none yet. */
function readIdentity(file: string): string | null {
  try {
    const id = readFileSync(file, "utf8").trim();
    return ID.test(id) ? id : null;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

/** The bot has decided that it may run; this machine's own settings may be stricter, and whoever writes to the database isn't the bot. */
function refusalOf(
  { owner, repository, terms }: HostedRequest,
  selfHosting: SelfHosting,
  name: string,
): Failure | null {
  const denial = denialOfHosting(terms.egress, { owner, repository, fromFork: false }, selfHosting);
  if (denial === null) return null;
  const setting =
    denial.reason === "self_hosting_egress" ? "SELF_HOSTED_EGRESS" : "SELF_HOSTED_REPOSITORIES";
  const message = `${name} doesn't allow this session: its ${setting} is stricter than the bot's`;
  return { code: "unknown", message, nothingCreated: true };
}
