import type { Kysely } from "kysely";
import { sql } from "kysely";
import type { Schema } from "./schema.ts";

/**
 * How many labels are created in one installation. GitHub allows an App to create 80 things a minute and 500 an hour
 * (https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api), and comments on tasks are among them.
 */
const MAX_A_MINUTE = 30;
const MAX_AN_HOUR = 250;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

type Database = Pick<Kysely<Schema>, "insertInto" | "deleteFrom" | "selectFrom">;

const minuteOf = (at: number): string => new Date(at).toISOString().slice(0, 16);

/** Until when no label may be created in an installation; null where one may be now. */
export async function pauseOf(
  database: Database,
  installationId: number,
  now: Date,
): Promise<Date | null> {
  const at = now.getTime();
  const counted = await database
    .selectFrom("labelWrites")
    .select(["minute", "count"])
    .where("installationId", "=", installationId)
    .where("minute", ">", minuteOf(at - HOUR_MS))
    .orderBy("minute")
    .execute();
  const inHour = counted.reduce((sum, { count }) => sum + count, 0);
  if (inHour >= MAX_AN_HOUR) return minuteAfter(counted[0]?.minute ?? "", HOUR_MS);
  const current = counted.find(({ minute }) => minute === minuteOf(at));
  if ((current?.count ?? 0) < MAX_A_MINUTE) return null;
  return minuteAfter(minuteOf(at), MINUTE_MS);
}

function minuteAfter(minute: string, milliseconds: number): Date {
  return new Date(Date.parse(`${minute}:00.000Z`) + milliseconds);
}

/** Counts a label that's about to be created. */
export async function countWrite(
  database: Database,
  installationId: number,
  now: Date,
): Promise<void> {
  await database
    .insertInto("labelWrites")
    .values({ installationId, minute: minuteOf(now.getTime()), count: 1 })
    .onConflict((conflict) =>
      conflict
        .columns(["installationId", "minute"])
        .doUpdateSet({ count: sql<number>`${sql.ref("labelWrites.count")} + 1` }),
    )
    .execute();
  await database
    .deleteFrom("labelWrites")
    .where("installationId", "=", installationId)
    .where("minute", "<=", minuteOf(now.getTime() - HOUR_MS))
    .execute();
}
