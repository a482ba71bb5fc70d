import { generateKeyPairSync, randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { temporaryDirectory } from "../store/opened.ts";

const pem = generateKeyPairSync("rsa", { modulusLength: 2_048 })
  .privateKey.export({ type: "pkcs1", format: "pem" })
  .toString();

/** What administrators put into the files of secrets, by the files' names. */
const SECRETS: Readonly<Record<string, string>> = {
  "private-key": pem,
  "webhook-secret": "b2f8c1d94e6a7f30\n",
  "client-secret": "0123456789abcdef0123456789abcdef01234567\n",
  "encryption-keys": `${randomBytes(32).toString("base64")}\n`,
  "database-password": "p@ss/w?rd #%\n",
};

/** A directory with files of secrets, as an orchestrator shows it to the bot. */
export function secretsDirectory(): string {
  const directory = temporaryDirectory();
  for (const [name, secret] of Object.entries(SECRETS)) {
    writeFileSync(join(directory, name), secret, { mode: 0o600 });
  }
  return directory;
}

/** The names of all settings, also of those in files. */
export function settingNames(): ReadonlySet<string> {
  const names = Object.keys(parseEnv(readFileSync(".env.example", "utf8")));
  return new Set(names.flatMap((name) => [name, `${name}_FILE`]));
}
