import type { Finding } from "../core/doctor/finding.ts";
import { CONNECTIONS, judgeConnections } from "./connecting.ts";
import type { Check } from "./examination.ts";
import { examineAll } from "./examination.ts";
import type { CheckOptions, CheckSubject } from "./options.ts";
import { examineSpace, examineStore } from "./store.ts";
import { judgeUndelivered, UNDELIVERED } from "./undelivered.ts";

/** The database, the space on the disk, and comments that GitHub did not take. */
export async function examineData(
  { environment, store, audience, conditions }: CheckOptions,
  subject: CheckSubject,
): Promise<readonly Finding[]> {
  const { DATABASE_URL, DATA_DIR } = environment;
  const database: Check = {
    what: "database",
    look: () => examineStore(store, DATABASE_URL !== undefined, audience),
  };
  const space: Check = { what: "disk space", look: () => examineSpace(DATA_DIR) };
  const local = DATABASE_URL === undefined ? [space] : [];
  const known = await examineAll([database, ...local], conditions);
  if (known.some(({ what, level }) => what === database.what && level === "failed")) return known;
  const undelivered: Check = {
    what: UNDELIVERED,
    look: async () => {
      // In a thread nobody needs to know of other repositories.
      const found = await store.undelivered(audience === "thread" ? subject : null);
      return judgeUndelivered(found, new Date());
    },
  };
  const connections: Check = {
    what: CONNECTIONS,
    look: async () => judgeConnections(await store.connections()),
  };
  const people = environment.connecting === null ? [] : [connections];
  return [...known, ...(await examineAll([undelivered, ...people], conditions))];
}
