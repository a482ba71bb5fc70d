import type { Kysely } from "kysely";
import type { Approvals } from "./approvals.ts";
import { createApprovals } from "./approvals.ts";
import type { ClosingStore } from "./closings.ts";
import { createClosingStore } from "./closings.ts";
import type { InstallationStore } from "./installations.ts";
import { createInstallationStore } from "./installations.ts";
import type { OrderStore } from "./orders.ts";
import { createOrderStore } from "./orders.ts";
import type { RecoveryStore } from "./recovery.ts";
import { createRecoveryStore } from "./recovery.ts";
import type { Schema } from "./schema.ts";

/** What is kept besides the tasks. */
export interface StoresBesides {
  readonly approvals: Approvals;
  readonly orders: OrderStore;
  readonly closings: ClosingStore;
  readonly installations: InstallationStore;
  readonly recovery: RecoveryStore;
}

/** The stores besides the tasks' own, in the same open, migrated database. */
export function createStoresBesides(database: Kysely<Schema>, now: () => Date): StoresBesides {
  return {
    approvals: createApprovals(database, now),
    orders: createOrderStore(database, now),
    closings: createClosingStore(database, now),
    installations: createInstallationStore(database, now),
    recovery: createRecoveryStore(database, now),
  };
}
