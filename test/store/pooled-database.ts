import type { Kysely } from "kysely";
import { sql } from "kysely";
import { migrate } from "../../src/store/migrations.ts";
import { openPostgres } from "../../src/store/postgres.ts";
import type { Schema } from "../../src/store/schema.ts";
import type { TestDatabase } from "./test-database.ts";
import { createTestDatabase } from "./test-database.ts";

interface Pooled extends TestDatabase {
  /** Its tables and triggers when it was migrated. */
  readonly made: string;
}

/** The databases of this worker that no test is using. To make one takes a hundred times as long as to empty one. */
const free: Pooled[] = [];

/** A migrated PostgreSQL database without rows, and how to give it back. */
export async function takeDatabase() {
  const pooled = free.pop() ?? (await make());
  return { url: pooled.url, giveBack: () => giveBack(pooled) };
}

async function make(): Promise<Pooled> {
  const created = await createTestDatabase();
  const made = await using(created.url, async (database) => {
    await migrate(database);
    await keepRows(database);
    return inventory(database);
  });
  return { ...created, made };
}

/** What a test did to the tables themselves, other than dropping an index, is not undone: then the database is dropped. */
async function giveBack(pooled: Pooled): Promise<void> {
  const isAsMade = await using(pooled.url, async (database) => {
    if ((await inventory(database)) !== pooled.made) return false;
    await empty(database);
    return true;
  });
  if (isAsMade) free.push(pooled);
  else await pooled.drop();
}

async function using<Result>(url: string, work: (database: Kysely<Schema>) => Promise<Result>) {
  const database = openPostgres(url);
  try {
    return await work(database);
  } finally {
    await database.destroy();
  }
}

async function inventory(database: Kysely<Schema>): Promise<string> {
  const { rows } = await sql<{ readonly name: string }>`
    select relname || relkind::text as name from pg_class
      where relnamespace = 'public'::regnamespace
      and (relkind <> 'i' or relname not in (select indexname from as_made.indexes))
    union all select tgname || tgrelid::regclass::text || tgenabled::text from pg_trigger where not tgisinternal
    union all select attrelid::regclass::text || attname || atttypid::text from pg_attribute
      where attrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace and relkind <> 'i')
      and attnum > 0
    order by name`.execute(database);
  return rows.map(({ name }) => name).join(" ");
}

/** What the migrations wrote, and their indexes, in a schema of its own. */
async function keepRows(database: Kysely<Schema>): Promise<void> {
  await sql`
    do $$ declare kept record; begin
      create schema as_made;
      for kept in select tablename as name from pg_tables where schemaname = 'public' loop
        execute format('create table as_made.%I as table public.%I', kept.name, kept.name);
      end loop;
      create table as_made.indexes as select indexname, indexdef from pg_indexes where schemaname = 'public';
    end $$`.execute(database);
}

/** As a replica, because the audit's triggers let nobody delete its entries. */
async function empty(database: Kysely<Schema>): Promise<void> {
  await sql`
    do $$ declare emptied record; dropped record; begin
      set local session_replication_role = replica;
      for emptied in select tablename as name from pg_tables where schemaname = 'public' loop
        execute format('delete from public.%I', emptied.name);
        execute format('insert into public.%I overriding system value select * from as_made.%I', emptied.name, emptied.name);
      end loop;
      for emptied in select sequencename as name from pg_sequences where schemaname = 'public' loop
        execute format('alter sequence %I restart', emptied.name);
      end loop;
      for dropped in select indexdef as definition from as_made.indexes
        where indexname not in (select indexname from pg_indexes where schemaname = 'public') loop
        execute dropped.definition;
      end loop;
    end $$`.execute(database);
}
