import { randomBytes } from "node:crypto";
import {
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { messageOf, read } from "../../../src/core/error/thrown.ts";
import { takenNames, variablesIn, withSettings } from "./settings.ts";

/** What is written: the key, and the settings without its path. */
export interface Credentials {
  readonly appId: number;
  readonly pem: string;
  readonly settings: Readonly<Record<string, string>>;
}

/** What has become of them. All files are for this account alone. */
export type Saved =
  | { readonly type: "saved"; readonly file: string; readonly keyFile: string }
  /** Elsewhere, in files of their own. @property why without a full stop */
  | {
      readonly type: "elsewhere";
      readonly file: string;
      readonly keyFile: string;
      readonly why: string;
    }
  /** Nowhere: they're only in memory. */
  | { readonly type: "unsaved"; readonly why: string };

/** More than the settings and the key take. */
const PROBE_BYTES = 32_768;

/** Refuses other encodings, which would be written back changed. */
const UTF_8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text of an .env; empty where there's none. */
export function textOf(file: string): string {
  return existsSync(file) ? UTF_8.decode(readFileSync(file)) : "";
}

/** Why an .env can't be written, before there's anything to write; null where it can. */
export function problemOfFile(file: string): string | null {
  try {
    refuseOtherThanFile(file);
    textOf(file);
    for (const directory of new Set([dirname(file), dirname(target(file))])) {
      const probe = temporaryName(join(directory, ".env"));
      createFile(probe, "#".repeat(PROBE_BYTES));
      rmSync(probe);
    }
    return null;
  } catch (error) {
    return reasonOf(error);
  }
}

/**
 * Writes an App's credentials to .env and its key to a file beside it; never over credentials that are there. Where
 * that fails, they're kept in a directory of their own: in the same place, the home directory, or that of temporary files.
 */
export function saveCredentials(
  file: string,
  credentials: Credentials,
  besides: readonly string[] = [dirname(file), homedir(), tmpdir()],
): Saved {
  try {
    return { type: "saved", ...writeBoth(file, credentials) };
  } catch (error) {
    const why = reasonOf(error);
    for (const directory of besides) {
      const kept = keepIn(directory, credentials);
      if (kept !== null) return { type: "elsewhere", ...kept, why };
    }
    return { type: "unsaved", why };
  }
}

function keepIn(directory: string, credentials: Credentials) {
  try {
    const own = mkdtempSync(join(directory, ".env.registered-"));
    try {
      return writeBoth(join(own, ".env"), credentials);
    } catch (error) {
      // It's empty: what can't be written completely isn't left.
      rmdirSync(own);
      throw error;
    }
  } catch {
    return null;
  }
}

function writeBoth(file: string, { appId, pem, settings }: Credentials) {
  refuseOtherThanFile(file);
  const text = textOf(file);
  const set = variablesIn(text);
  const taken = takenNames(set);
  if (taken.length > 0) throw new Error(`it has got ${taken.join(", ")} meanwhile`);
  const directory = dirname(file);
  const keyName = ["private-key.pem", `private-key.${appId}.pem`].find(
    (name) => !existsSync(join(directory, name)),
  );
  if (keyName === undefined) throw new Error("its directory has files of this App already");
  const keyFile = join(directory, keyName);
  createFile(keyFile, pem.endsWith("\n") ? pem : `${pem}\n`);
  try {
    if (existsSync(file)) keepOwner(file, keyFile);
    replaceFile(target(file), withSettings(text, set, { PRIVATE_KEY_PATH: keyName, ...settings }));
  } catch (error) {
    rmSync(keyFile, { force: true });
    throw error;
  }
  return { file, keyFile };
}

function refuseOtherThanFile(file: string): void {
  if (lstatSync(file, { throwIfNoEntry: false }) === undefined) return;
  if (!existsSync(file)) throw new Error("it's a link to a file that doesn't exist");
  const status = statSync(file);
  if (status.isDirectory()) throw new Error("it's a directory");
  if (!status.isFile()) throw new Error("it isn't a file");
}

/** Where a symbolic link leads. */
function target(file: string): string {
  return existsSync(file) ? realpathSync(file) : file;
}

/** All or nothing, also when the power fails: the old file is there until the new one is complete. */
function replaceFile(file: string, text: string): void {
  const next = temporaryName(file);
  createFile(next, text);
  try {
    if (existsSync(file)) keepOwner(file, next);
    renameSync(next, file);
  } catch (error) {
    rmSync(next, { force: true });
    throw error;
  }
  syncDirectory(dirname(file));
}

/** Covered by .gitignore, like .env. */
function temporaryName(file: string): string {
  return join(dirname(file), `.env.${randomBytes(6).toString("hex")}.tmp`);
}

/** Root may set up a bot that runs as somebody else. */
function keepOwner(file: string, next: string): void {
  const { uid, gid } = statSync(file);
  const now = statSync(next);
  if (uid !== now.uid || gid !== now.gid) chownSync(next, uid, gid);
}

/** A new file, for this account alone, that is there completely or not at all. */
function createFile(file: string, text: string): void {
  const descriptor = openSync(file, "wx", 0o600);
  try {
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** Not every file system can do that, and the file is there. */
function syncDirectory(directory: string): void {
  try {
    const descriptor = openSync(directory, "r");
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch {}
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  ENOENT: "the directory doesn't exist",
  ENOTDIR: "a part of the path isn't a directory",
  EISDIR: "it's a directory",
  ERR_ENCODING_INVALID_ENCODED_DATA: "it isn't UTF-8",
};

/** Without a full stop, and without what was to be written. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error ? read(error, "code") : undefined;
  return REASONS[String(code)] ?? messageOf(error);
}
