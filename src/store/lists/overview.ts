import type { Kysely } from "kysely";
import { sql } from "kysely";
import { z } from "zod";
import type { ConnectedPerson, Overview } from "../../ports/task-lists.ts";
import { createConnectionRows } from "../connections.ts";
import type { Schema } from "../schema.ts";
import { findUndelivered } from "../undelivered.ts";
import { ago, FAILURES_MS } from "./repository-figures.ts";

const MAX_PEOPLE = 100;
/** Of all failures, the newest: more isn't counted in the time that a page has. */
const MAX_FAILURES = 100_000;

const deliveryIds = z.array(z.string());

/** What administrators see of the whole bot. */
export async function overviewOf(database: Kysely<Schema>, now: Date): Promise<Overview> {
  return {
    ...(await unsettledTasks(database, now)),
    ...(await missedDeliveries(database)),
    undelivered: await findUndelivered(database, null),
    failures: await failuresByDay(database, now),
    connections: await createConnectionRows(database).count(),
    people: await connectedPeople(database),
  };
}

async function unsettledTasks(database: Kysely<Schema>, now: Date) {
  const at = now.toISOString();
  const { rows } = await sql<{
    readonly state: Overview["unsettled"][number]["state"];
    readonly count: number;
    readonly oldestAt: string;
    readonly starting: number;
    readonly inLine: number;
    readonly toConnect: number;
  }>`
    select state, count(*) as count, min(created_at) as oldest_at,
      count(case when lane = 'start' and lease_until >= ${at} then 1 end) as starting,
      count(waiting_since) as in_line,
      count(case when session_intent_at is null then connect_by end) as to_connect
    from tasks where settled_at is null group by state order by state`.execute(database);
  const total = (of: "starting" | "inLine" | "toConnect") =>
    rows.reduce((sum, row) => sum + row[of], 0);
  return {
    unsettled: rows.map(({ state, count }) => ({ state, count })),
    oldestQueuedAt: rows.find(({ state }) => state === "queued")?.oldestAt ?? null,
    starting: total("starting"),
    waitingForPlace: total("inLine"),
    waitingForConnection: total("toConnect"),
  };
}

async function missedDeliveries(database: Kysely<Schema>) {
  const row = await database.selectFrom("recovery").select(["cursor", "asked"]).executeTakeFirst();
  return {
    missedDeliveries: row === undefined ? 0 : deliveryIds.parse(JSON.parse(row.asked)).length,
    deliveriesCheckedTo: row === undefined || row.cursor === "" ? null : row.cursor,
  };
}

async function failuresByDay(database: Kysely<Schema>, now: Date): Promise<Overview["failures"]> {
  const newest = database
    .selectFrom("audit")
    .select(["at", "reason"])
    .where("step", "=", sql.lit("failed"))
    .where("at", ">=", ago(now, FAILURES_MS))
    .orderBy("at", "desc")
    .limit(MAX_FAILURES)
    .as("newest");
  const day = sql<string>`substr(at, 1, 10)`;
  const rows = await database
    .selectFrom(newest)
    .select((row) => [day.as("day"), "reason", row.fn.countAll<number>().as("count")])
    .groupBy([day, "reason"])
    .orderBy("day", "desc")
    .orderBy("reason")
    .execute();
  return rows.map(({ day: of, reason, count }) => ({ day: of, code: reason ?? "unknown", count }));
}

async function connectedPeople(database: Kysely<Schema>): Promise<readonly ConnectedPerson[]> {
  const rows = await database
    .selectFrom("connections")
    .select(["userId as id", "login", "kind", "connectedAt", "expiresAt"])
    .select((row) =>
      row.case().when("sealedToken", "is", null).then(1).else(0).end().as("hasEnded"),
    )
    .orderBy("connectedAt", "desc")
    .limit(MAX_PEOPLE)
    .execute();
  return rows.map((row) => Object.assign(row, { hasEnded: row.hasEnded === 1 }));
}
