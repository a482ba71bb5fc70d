import type { Kysely } from "kysely";
import type { Failure } from "../core/task/failure.ts";
import type { HostedRow, MachineRows, WorkerRow } from "../ports/hosting-rows.ts";
import { serverTime } from "./server-time.ts";
import { hostedRowOf } from "./hosting-row.ts";
import type { Schema } from "./schema.ts";
import { storable } from "./storable.ts";

/** Sessions on workers in an open, migrated PostgreSQL database, for the workers. */
export function createMachineRows(database: Kysely<Schema>): MachineRows {
  return new RunSessions(database);
}

class RunSessions implements MachineRows {
  readonly #database: Kysely<Schema>;

  constructor(database: Kysely<Schema>) {
    this.#database = database;
  }

  async claim(
    sessionId: string,
    { id: worker, process }: Pick<WorkerRow, "id" | "process">,
  ): Promise<HostedRow | null> {
    const row = await this.#update(sessionId, ["waiting"])
      .set({ state: "claimed", worker, process, updatedAt: serverTime })
      .returningAll()
      .executeTakeFirst();
    return row === undefined ? null : hostedRowOf(row);
  }

  async handBack(sessionId: string, process: string): Promise<void> {
    await this.#update(sessionId, ["begun"])
      .set({ state: "waiting", worker: null, process: null })
      .where("process", "=", process)
      .execute();
  }

  async begin(sessionId: string, process: string): Promise<boolean> {
    const { numUpdatedRows } = await this.#update(sessionId, ["claimed"])
      .set({ state: "begun" })
      .where("process", "=", process)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  async opened(sessionId: string, process: string): Promise<boolean> {
    const { numUpdatedRows } = await this.#update(sessionId, ["begun"])
      .set({ state: "open" })
      .where("process", "=", process)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  async failed(sessionId: string, worker: string, failure: Failure): Promise<void> {
    await this.#update(sessionId, ["begun", "open"])
      .set({ state: "failed", failure: JSON.stringify(storable(failure)) })
      .where("worker", "=", worker)
      .execute();
  }

  async adopt(
    sessionId: string,
    { id: worker, process }: Pick<WorkerRow, "id" | "process">,
  ): Promise<boolean> {
    const { numUpdatedRows } = await this.#update(sessionId, ["begun", "open"])
      .set({ state: "open", process })
      .where("worker", "=", worker)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  #update(sessionId: string, from: readonly HostedRow["state"][]) {
    return this.#database
      .updateTable("hostedSessions")
      .where("id", "=", sessionId)
      .where("state", "in", from);
  }
}
