import type { WebSessionRows } from "../../src/ports/web-session-rows.ts";
import { openSqlite } from "../../src/store/sqlite.ts";
import { createWebSessionRows, webSessions } from "../../src/store/web-sessions.ts";

/** The bot's own table of sessions, in memory. */
export function openWebSessionRows(): WebSessionRows {
  const database = openSqlite(":memory:");
  const rows = createWebSessionRows(database);
  const created = webSessions.up(database);
  const afterwards =
    <Args extends readonly unknown[], Result>(method: (...args: Args) => Promise<Result>) =>
    async (...args: Args) => {
      await created;
      return method(...args);
    };
  return {
    find: afterwards((digest) => rows.find(digest)),
    insert: afterwards((row) => rows.insert(row)),
    remove: afterwards((digest) => rows.remove(digest)),
    removeAllOf: afterwards((userId) => rows.removeAllOf(userId)),
    removeOldestBeside: afterwards((row, left) => rows.removeOldestBeside(row, left)),
    removeOver: afterwards((age) => rows.removeOver(age)),
    use: afterwards((digest, at) => rows.use(digest, at)),
    after: afterwards((digest) => rows.after(digest)),
    replaceToken: afterwards((...args) => rows.replaceToken(...args)),
  };
}
