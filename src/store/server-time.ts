import { sql } from "kysely";

/** The time by PostgreSQL's clock, which is the same for all machines, in milliseconds since the epoch. */
export const serverTime = sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`;
