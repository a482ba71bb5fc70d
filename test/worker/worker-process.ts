import { randomUUID } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openHostingJobs } from "../../src/queue/hosting-jobs.ts";
import { createHostingRows } from "../../src/store/hosting-rows.ts";
import { createMail } from "../../src/store/hosting-mail.ts";
import { openPostgres } from "../../src/store/postgres.ts";
import { createWorkerRows } from "../../src/store/worker-rows.ts";
import { startWorker } from "../../src/worker/server.ts";
import { createPlayedHost } from "./played-host.ts";

/** A worker in a process of its own whose agents are played, held for good at the step that `hold` names. */
async function main(url: string, directory: string, name: string): Promise<void> {
  const { LABELS = "", PLACES = "2", HOLD, NOTES = "" } = process.env;
  mkdirSync(directory, { recursive: true });
  const idFile = join(directory, "worker-id");
  if (!existsSync(idFile)) writeFileSync(idFile, randomUUID());
  const note = (line: string) => appendFileSync(NOTES, `${line}\n`);
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const log = {
    info: () => {},
    error: (fields: object, text: string) => console.error(text, fields),
  };
  const database = openPostgres(url);
  const jobs = await openHostingJobs(url, log);
  const worker = await startWorker({
    rows: createHostingRows(database),
    workers: createWorkerRows(database),
    mail: createMail(database),
    jobs,
    me: { id: readFileSync(idFile, "utf8"), process: randomUUID(), name },
    labels: LABELS.split(",").filter((label) => label !== ""),
    places: Number(PLACES),
    refusal: ({ owner }) =>
      owner === "octo-org"
        ? null
        : { code: "unknown", message: "not allowed here", nothingCreated: true },
    log,
    host: createPlayedHost({
      directory,
      machine: name,
      note,
      at: (step, sessionId) => {
        if (step !== HOLD) return Promise.resolve();
        say(`at ${sessionId}`);
        return new Promise(() => {});
      },
    }),
    onReplaced: () => process.exit(3),
  });
  process.on("SIGTERM", () => void worker.stop().then(() => process.exit(0)));
  say("ready");
}

const [url = "", directory = "", name = ""] = process.argv.slice(2);
await main(url, directory, name);
