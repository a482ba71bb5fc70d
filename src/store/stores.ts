import type { Kysely } from "kysely";
import type { Approvals } from "../ports/approvals.ts";
import type { ConnectionRows } from "../ports/connection-rows.ts";
import type { Recovery } from "../ports/deliveries.ts";
import type { Installations, Subjects } from "../ports/events.ts";
import type { Machines } from "../ports/machines.ts";
import type { TasksReading } from "../ports/metrics.ts";
import type { WaitingRequesters } from "../ports/waiting-people.ts";
import type { SessionCommands } from "../ports/session-commands.ts";
import type { TaskLists } from "../ports/task-lists.ts";
import type { Labelings } from "../ports/labelings.ts";
import type { PolicyChecks } from "../ports/policy-checks.ts";
import type { WebSessionRows } from "../ports/web-session-rows.ts";
import { createApprovals } from "./approvals.ts";
import type { AuditListener } from "./audit.ts";
import { sealAudit } from "./audit-seals.ts";
import { createConnectionRows } from "./connections.ts";
import { createLabelings } from "./labelings.ts";
import { createPolicyChecks } from "./policy-checks.ts";
import { createSubjects } from "./subject-events.ts";
import { findHostedTasks } from "./hosted-tasks.ts";
import { createInstallations } from "./installations.ts";
import { createSessionCommands } from "./session-commands.ts";
import { createWaitingRequesters } from "./waiting-requesters.ts";
import { createRecovery } from "./recovery.ts";
import { readTasks } from "./task-reading.ts";
import type { Schema } from "./schema.ts";
import { forgetChanges } from "./task-changes.ts";
import { createWebSessionRows } from "./web-sessions.ts";

/** What is kept in addition to the tasks. */
export interface Stores {
  readonly approvals: Approvals;
  readonly sessionCommands: SessionCommands;
  readonly subjects: Subjects;
  readonly installations: Installations;
  readonly recovery: Recovery;
  readonly policyChecks: PolicyChecks;
  readonly labelings: Labelings;
  readonly connectionRows: ConnectionRows;
  readonly waitingRequesters: WaitingRequesters;
  readonly webSessionRows: WebSessionRows;
  /** Seals the audit's new entries; gives their number. */
  readonly sealAudit: () => Promise<number>;
  /** Deletes changes of tasks that nobody reads anymore. */
  readonly forgetChanges: () => Promise<void>;
  /** Only pages list tasks: what does it is loaded when it's asked for. */
  readonly loadTaskLists: () => Promise<TaskLists>;
  /** How the unsettled tasks are doing. */
  readonly readTasks: () => Promise<TasksReading>;
  readonly hostedTasks: Machines["hostedTasks"];
}

/** The stores other than the tasks' own, in the same open, migrated database. */
export function createStores(
  database: Kysely<Schema>,
  now: () => Date,
  onAudited?: AuditListener,
): Stores {
  return {
    approvals: createApprovals(database, now),
    sessionCommands: createSessionCommands(database, now),
    subjects: createSubjects(database, now, onAudited),
    installations: createInstallations(database, now, onAudited),
    recovery: createRecovery(database, now),
    policyChecks: createPolicyChecks(database, now),
    labelings: createLabelings(database, now),
    connectionRows: createConnectionRows(database),
    waitingRequesters: createWaitingRequesters(database),
    webSessionRows: createWebSessionRows(database),
    sealAudit: () => sealAudit(database, now),
    forgetChanges: () => forgetChanges(database),
    async loadTaskLists() {
      const { createTaskLists } = await import("./task-lists.ts");
      return createTaskLists(database, now);
    },
    readTasks: () => readTasks(database, now()),
    hostedTasks: (repository) => findHostedTasks(database, repository),
  };
}
