import type { Asked } from "../../core/task/asking.ts";
import type {
  SeenProgress,
  SessionLink,
  TaskSession,
  Unfollowed,
} from "../../core/task/session.ts";

/** The link of a session: both columns are null, or neither. */
interface LinkColumns {
  readonly linkUrl: string | null;
  readonly linkSource: SessionLink["source"] | null;
}

/** What was seen of a session. */
interface ProgressColumns {
  readonly said: string | null;
  readonly sessionFailure: string | null;
  /** A JSON list. */
  readonly asking: string | null;
  /** One address a line. */
  readonly pulls: string | null;
  readonly seenAt: string | null;
  readonly note: string | null;
}

/** The columns of a session. */
export interface SessionColumns extends LinkColumns, ProgressColumns {
  readonly sessionIntentAt: string | null;
  readonly backend: string | null;
  readonly sessionId: string | null;
  readonly sessionStartedAt: string | null;
  readonly sessionRepository: string | null;
  readonly sessionBranch: string | null;
  /** 1 when the session can't be reached again; null when it can. */
  readonly cannotResume: number | null;
  /** A JSON list. */
  readonly settings: string | null;
  readonly promptDigest: string | null;
  readonly leftOut: string | null;
  readonly promptIntentAt: string | null;
  readonly promptDeliveredAt: string | null;
  /** A JSON object. */
  readonly hosting: string | null;
  readonly followUntil: string | null;
  readonly unfollowed: Unfollowed | null;
}

export function sessionColumns(session: TaskSession): SessionColumns {
  const { prompt, progress } = session;
  return {
    sessionIntentAt: session.intentAt,
    backend: session.backend,
    sessionId: session.id,
    sessionStartedAt: session.startedAt,
    sessionRepository: session.repository,
    sessionBranch: session.branch,
    cannotResume: session.canResume ? null : 1,
    settings: session.settings.length === 0 ? null : JSON.stringify(session.settings),
    promptDigest: prompt.digest,
    leftOut: prompt.leftOut,
    promptIntentAt: prompt.intentAt,
    promptDeliveredAt: prompt.deliveredAt,
    hosting: session.hosting === null ? null : JSON.stringify(session.hosting),
    followUntil: session.followUntil,
    unfollowed: session.unfollowed,
    ...progressColumns(progress),
    ...linkColumns(session),
  };
}

export function sessionOf(row: SessionColumns): TaskSession {
  return {
    intentAt: row.sessionIntentAt,
    backend: row.backend,
    id: row.sessionId,
    startedAt: row.sessionStartedAt,
    repository: row.sessionRepository,
    branch: row.sessionBranch,
    canResume: row.cannotResume === null,
    settings: row.settings === null ? [] : JSON.parse(row.settings),
    prompt: {
      digest: row.promptDigest,
      leftOut: row.leftOut,
      intentAt: row.promptIntentAt,
      deliveredAt: row.promptDeliveredAt,
    },
    link: linkOf(row),
    hosting: hostingOf(row),
    followUntil: row.followUntil,
    unfollowed: row.unfollowed,
    progress: progressOf(row),
  };
}

export function linkColumns({ link }: Pick<TaskSession, "link">): LinkColumns {
  return { linkUrl: link?.url ?? null, linkSource: link?.source ?? null };
}

/** What began before `checkout` was written has none. */
function hostingOf({ hosting }: Pick<SessionColumns, "hosting">): TaskSession["hosting"] {
  return hosting === null ? null : { checkout: [], ...JSON.parse(hosting) };
}

function linkOf({ linkUrl: url, linkSource }: LinkColumns): SessionLink | null {
  return url === null ? null : { url, source: linkSource ?? "documented" };
}

function progressColumns(progress: SeenProgress): ProgressColumns {
  const { said, failure, asking, pulls, seenAt, note } = progress;
  return {
    said,
    sessionFailure: failure,
    asking: asking.length === 0 ? null : JSON.stringify(asking),
    pulls: pulls.length === 0 ? null : pulls.join("\n"),
    seenAt,
    note,
  };
}

function progressOf(row: ProgressColumns): SeenProgress {
  return {
    said: row.said,
    failure: row.sessionFailure,
    asking: askingOf(row),
    pulls: (row.pulls ?? "").split("\n").filter((url) => url !== ""),
    seenAt: row.seenAt,
    note: row.note,
  };
}

/**
 * An older bot has not written down what is to be shown of a permission: it's asked for again when the session is
 * reached.
 */
function askingOf({ asking }: ProgressColumns): readonly Asked[] {
  if (asking === null) return [];
  const all: readonly Asked[] = JSON.parse(asking);
  return all.filter((one) => one.asking.type !== "permission" || "details" in one.asking);
}
