/** SQLite's result codes that say why a database can't be used (https://sqlite.org/rescode.html). */
const NAMES: Readonly<Record<number, string>> = {
  1: "SQLITE_ERROR",
  3: "SQLITE_PERM",
  5: "SQLITE_BUSY",
  6: "SQLITE_LOCKED",
  7: "SQLITE_NOMEM",
  8: "SQLITE_READONLY",
  10: "SQLITE_IOERR",
  11: "SQLITE_CORRUPT",
  13: "SQLITE_FULL",
  14: "SQLITE_CANTOPEN",
  15: "SQLITE_PROTOCOL",
  19: "SQLITE_CONSTRAINT",
  26: "SQLITE_NOTADB",
};

/** The name of SQLite's result code, e.g. `SQLITE_FULL`; null for an error that isn't SQLite's. */
export function sqliteCodeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !("errcode" in error)) return null;
  const { errcode } = error;
  if (typeof errcode !== "number") return null;
  // The low byte is the kind; the rest says more, as SQLITE_IOERR_WRITE does.
  return NAMES[errcode & 0xff] ?? `SQLITE_${errcode & 0xff}`;
}
