import { randomUUID } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openHostingJobs } from "../../src/queue/hosting-jobs.ts";
import { createHostingRows } from "../../src/store/hosting-rows.ts";
import { createMachineRows } from "../../src/store/machine-rows.ts";
import { createMail } from "../../src/store/hosting-mail.ts";
import { openPostgres } from "../../src/store/postgres.ts";
import { createWorkerRows } from "../../src/store/worker-rows.ts";
import { NO_TRACING } from "../../src/ports/tracing.ts";
import { startWorker } from "../../src/worker/server.ts";
import { createPlayedHost } from "./played-host.ts";

/** A worker in a process of its own whose agents are played, held at the step that `HOLD` names until a line comes. */
async function main(url: string, directory: string, name: string): Promise<void> {
  const {
    LABELS = "",
    PLACES = "2",
    HOLD,
    NOTES = "",
    CUT_OFF_MS = "60000",
    ANSWER_MS = "30000",
    VERSION,
  } = process.env;
  const version = VERSION === undefined ? undefined : Number(VERSION);
  mkdirSync(directory, { recursive: true });
  const idFile = join(directory, "worker-id");
  if (!existsSync(idFile)) writeFileSync(idFile, randomUUID());
  const note = (line: string) => appendFileSync(NOTES, `${line}\n`);
  const log = {
    info: () => {},
    error: (fields: object, text: string) => {
      const line = `${text} ${JSON.stringify(fields)}`;
      process.stderr.write(`${line}\n`);
      process.stdout.write(`${text}\n${line}\n`);
    },
  };
  const released = new Promise<void>((resolve) => {
    process.stdin.once("data", () => resolve());
  });
  const database = openPostgres(url);
  const jobs = await openHostingJobs(url, log, version);
  const worker = await startWorker({
    rows: createHostingRows(database),
    machineRows: createMachineRows(database),
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
    tracing: NO_TRACING,
    log,
    host: createPlayedHost({
      directory,
      machine: name,
      note,
      at: (step) => {
        if (step !== HOLD) return Promise.resolve();
        process.stdout.write("held\n");
        return released;
      },
    }),
    cutOffMs: Number(CUT_OFF_MS),
    answerMs: Number(ANSWER_MS),
    ...(version === undefined ? {} : { version }),
    onReplaced: () => process.exit(3),
  });
  process.on("SIGTERM", () => void worker.stop().then(() => process.exit(0)));
  process.stdout.write("ready\n");
}

const [url = "", directory = "", name = ""] = process.argv.slice(2);
await main(url, directory, name);
