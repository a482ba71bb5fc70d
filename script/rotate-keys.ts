import { encryptionKeys } from "../src/config/encryption-keys.ts";
import { gatherVariables } from "../src/config/secret-files.ts";
import { createCipher } from "../src/identity/cipher.ts";
import type { Rotated } from "../src/identity/rotation.ts";
import { rotateKeys, rotateSessionKeys } from "../src/identity/rotation.ts";
import { createConnectionRows } from "../src/store/connections.ts";
import { createWebSessionRows } from "../src/store/web-sessions.ts";
import { databasePlace } from "./lib/database-place.ts";
import { openDatabase } from "./lib/open-database.ts";
import { fail, program } from "./lib/program.ts";

const FAILED = "Not all connections were encrypted with the first key";

program(
  "script/rotate-keys",
  "Encrypts the tokens of all people's connections and sign-ins with the first key of ENCRYPTION_KEYS, in the database that DATABASE_URL or DATA_DIR names, also while the bot runs.",
)
  .addHelpText(
    "after",
    `
First put the new key before the old ones, and restart the bot. Then run this. When it has encrypted everything, remove
the old keys. With several replicas, see "Change the key" in docs/operations.md.

You can run it again. Exit codes: 0 all are encrypted with the first key, 1 something failed or can't be decrypted,
64 wrong option or argument.`,
  )
  .parse();

function printed({ resealed, current, locked }: Rotated, one: string): void {
  const all = resealed + current + locked.length;
  console.log(
    `Encrypted ${resealed} of ${all} ${all === 1 ? one : `${one}s`} with the first key; ${current} already ${current === 1 ? "was" : "were"}.`,
  );
}

function report(connections: Rotated, sessions: Rotated): void {
  const { locked } = connections;
  printed(connections, "connection");
  // What can't be decrypted of them is nothing to fix: these people sign in again, which is one click.
  if (sessions.resealed + sessions.current + sessions.locked.length > 0) {
    printed(sessions, "sign-in");
  }
  if (locked.length === 0) return;
  fail(
    FAILED,
    `${locked.length} can't be decrypted with any of ENCRYPTION_KEYS, of the users with these ids: ${locked.join(", ")}. Add the missing key, or these people have to connect again.`,
  );
}

process.umask(0o077);
const { variables, problems } = gatherVariables(process.env);
const unread = problems.find((problem) => problem.startsWith("ENCRYPTION_KEYS"));
const keys = encryptionKeys(variables["ENCRYPTION_KEYS"] ?? "");
if (unread !== undefined) {
  fail(FAILED, `${unread}.`);
} else if (keys.type === "problem") {
  fail(FAILED, `ENCRYPTION_KEYS ${keys.problem}.`);
} else {
  try {
    const database = openDatabase(databasePlace(process.env));
    try {
      const cipher = createCipher(keys.keys);
      const connections = await rotateKeys(createConnectionRows(database), cipher);
      report(connections, await rotateSessionKeys(createWebSessionRows(database), cipher));
    } finally {
      await database.destroy();
    }
  } catch (error) {
    fail(FAILED, error);
  }
}
