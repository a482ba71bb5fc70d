import { PgBoss } from "pg-boss";
import { hostedRequestSchema } from "../../src/core/worker/request.ts";
import { createHostingJobs } from "../../src/queue/hosting-jobs.ts";
import { createHostingRows } from "../../src/store/hosting-rows.ts";
import { createMail } from "../../src/store/hosting-mail.ts";
import { openPostgres } from "../../src/store/postgres.ts";
import { createWorkerRows } from "../../src/store/worker-rows.ts";
import { openRemoteHost } from "../../src/worker/remote-host.ts";

/** A replica of the bot in a process of its own: opens a session, says so, sends its prompt, and says that. */
async function main(url: string, requested: string): Promise<void> {
  const database = openPostgres(url);
  const boss = new PgBoss({ connectionString: url, max: 2, schedule: false, supervise: false });
  await boss.start();
  const host = await openRemoteHost({
    rows: createHostingRows(database),
    workers: createWorkerRows(database),
    mail: createMail(database),
    jobs: createHostingJobs(boss),
    log: console,
    stopping: new AbortController().signal,
  });
  const request = hostedRequestSchema.parse(JSON.parse(requested));
  const tokens = { copilot: { token: "gho_owner" }, repository: "ghs_fetch", submodules: [] };
  const waiting = { withdrawn: new AbortController().signal, onTaken: () => {} };
  process.stdout.write("ready\n");
  const opening = await host.open(request, () => Promise.resolve(tokens), waiting);
  process.stdout.write(`${opening.type}\n`);
  if (opening.type !== "started") return;
  process.stdout.write(`${JSON.stringify(await opening.session.deliver("from the first"))}\n`);
}

const [url = "", requested = ""] = process.argv.slice(2);
await main(url, requested);
