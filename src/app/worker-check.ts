import type { WorkerEnvironment } from "../config/worker.ts";
import type { Finding } from "../core/doctor/finding.ts";
import type { Log } from "../ports/log.ts";
import { openHostingDatabase } from "./hosting-database.ts";

/** What the doctor finds about this machine as a worker. Starts nothing, and changes nothing. */
export async function checkWorker(
  { selfHosting, WORKER_NAME: name, DATA_DIR: dataDir, DATABASE_URL: url }: WorkerEnvironment,
  log: Log,
): Promise<readonly Finding[]> {
  const { examineWorker } = await import("../doctor/worker.ts");
  const rights = async () => {
    const database = await openHostingDatabase(url, log);
    try {
      return await database.rights();
    } finally {
      await database.close();
    }
  };
  return examineWorker({ selfHosting, name, dataDir, rights, log });
}
