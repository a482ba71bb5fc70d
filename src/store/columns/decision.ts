import { NOTICE_TYPES } from "../../core/task/shown.ts";
import type { TaskDecision } from "../../core/task/task.ts";

/** The columns of what was decided. */
export interface DecisionColumns {
  readonly kind: string | null;
  readonly identity: TaskDecision["identity"];
  readonly retryOf: string | null;
  readonly branch: string | null;
  readonly commit: string | null;
  readonly policyCommit: string | null;
  readonly defaultsCommit: string | null;
  readonly acknowledgedAt: string | null;
  readonly defaultBranch: string | null;
  readonly onClose: TaskDecision["onClose"];
  readonly permissionsPolicy: TaskDecision["permissionsPolicy"];
  readonly checkCommit: string | null;
  readonly qrSecret: string | null;
  /** Words with a space between them. */
  readonly notify: string | null;
  readonly runningLabel: string | null;
  readonly failedLabel: string | null;
}

export function decisionColumns(decision: TaskDecision): DecisionColumns {
  const { notify, labels, ...others } = decision;
  return {
    ...others,
    notify: notify.length === 0 ? null : notify.join(" "),
    runningLabel: labels.running,
    failedLabel: labels.failed,
  };
}

export function decisionOf(row: DecisionColumns): TaskDecision {
  const { kind, identity, retryOf, branch, commit, policyCommit, defaultsCommit, acknowledgedAt } =
    row;
  const { defaultBranch, onClose, permissionsPolicy, checkCommit, qrSecret } = row;
  return {
    kind,
    identity,
    retryOf,
    branch,
    commit,
    policyCommit,
    defaultsCommit,
    acknowledgedAt,
    defaultBranch,
    onClose,
    permissionsPolicy,
    notify: notifyOf(row),
    labels: { running: row.runningLabel, failed: row.failedLabel },
    checkCommit,
    qrSecret,
  };
}

function notifyOf({ notify }: DecisionColumns): TaskDecision["notify"] {
  const words = new Set((notify ?? "").split(" "));
  return NOTICE_TYPES.filter((type) => words.has(type));
}
