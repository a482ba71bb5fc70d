import pTimeout from "p-timeout";
import { messageOf } from "../core/error/thrown.ts";
import { loggedOf } from "../core/task/logged-failure.ts";
import type { Failure } from "../core/task/failure.ts";
import type { HostedRow, HostingRows, MachineRows, WorkerRow } from "../ports/hosting-rows.ts";
import type { Log } from "../ports/log.ts";
import type {
  HostedOpening,
  HostedRequest,
  HostedSession,
  HostedTokens,
  SessionHost,
} from "../ports/session-host.ts";
import type { Tracing } from "../ports/tracing.ts";

/** What a worker begins its sessions with. */
export interface BeginningParts {
  readonly rows: HostingRows;
  readonly machineRows: MachineRows;
  readonly host: SessionHost;
  readonly me: Pick<WorkerRow, "id" | "process" | "name">;
  /** Why this machine doesn't run it; null when it does. */
  readonly refusal: (request: HostedRequest) => Failure | null;
  readonly tracing: Pick<Tracing, "spanOf">;
  readonly log: Pick<Log, "error">;
  /** Whether this worker is about to end. */
  readonly isStopping: () => boolean;
}

/** What came of it, on this worker. */
export type Beginning =
  | { readonly type: "running"; readonly session: HostedSession }
  | { readonly type: "failed"; readonly failure: Failure }
  /** Nobody wants it anymore. */
  | { readonly type: "unwanted" }
  /** This worker isn't the one. */
  | { readonly type: "elsewhere" }
  | { readonly type: "away" };

const ELSEWHERE: Beginning = { type: "elsewhere" };
const UNWANTED: Beginning = { type: "unwanted" };

/** Begins with a session that this process has claimed. */
export async function begin(
  parts: BeginningParts,
  { id, request }: HostedRow,
  tokens: HostedTokens,
  waiting: Parameters<SessionHost["open"]>[2],
): Promise<Beginning> {
  const { rows, machineRows, host, me } = parts;
  // From here on, no other worker gets it.
  if (parts.isStopping() || !(await machineRows.begin(id, me.process))) return ELSEWHERE;
  const opening = await parts.tracing.spanOf(request.taskId, "worker open", async (span) => {
    const came = await openOn(parts, request, tokens, waiting);
    if (came.type === "failed") span.fail(came.failure.code);
    return came;
  });
  switch (opening.type) {
    case "started":
      if (await confirmed(opening.session, () => machineRows.opened(id, me.process)))
        return { type: "running", session: opening.session };
      // Whoever wanted it has given it up meanwhile.
      await host.remove(request);
      await rows.delete(id);
      return UNWANTED;
    case "failed":
      logFailure(parts, request, opening.failure, "a session could not be opened");
      await machineRows.failed(id, me.id, opening.failure);
      return opening;
    case "withdrawn":
      if (!parts.isStopping()) {
        await rows.delete(id);
        return UNWANTED;
      }
      await machineRows.handBack(id, me.process);
      return ELSEWHERE;
    default:
      return opening satisfies never;
  }
}

/** The database may take so long to note that a session runs, in milliseconds. */
const NOTED_MS = 20_000;

/** A session of which that can't be noted is nobody's: its runtime ends. */
async function confirmed(session: HostedSession, note: () => Promise<boolean>): Promise<boolean> {
  try {
    return await pTimeout(note(), { milliseconds: NOTED_MS });
  } catch (error) {
    await session.detach();
    throw error;
  }
}

async function openOn(
  { host, refusal, log }: BeginningParts,
  request: HostedRequest,
  tokens: HostedTokens,
  waiting: Parameters<SessionHost["open"]>[2],
): Promise<HostedOpening> {
  const refused = refusal(request);
  if (refused !== null) return { type: "failed", failure: refused };
  try {
    return await host.open(request, () => Promise.resolve(tokens), waiting);
  } catch (error) {
    log.error({ err: error, taskId: request.taskId }, "opening a session broke off");
    const message = messageOf(error);
    return { type: "failed", failure: { code: "unknown", message, nothingCreated: true } };
  }
}

/** Whoever looks after this machine finds here what people's comments send them for. */
function logFailure(
  { log }: Pick<BeginningParts, "log">,
  { taskId, sessionId }: HostedRequest,
  failure: Failure,
  what: string,
): void {
  log.error({ taskId, sessionId, ...loggedOf(failure) }, what);
}

/** Reaches a session again that was opened on this worker, by this process or an earlier one. */
export async function beginAgain(
  parts: BeginningParts,
  { id, request }: HostedRow,
  tokens: HostedTokens,
): Promise<Beginning> {
  const { rows, machineRows, host, me, tracing, isStopping } = parts;
  if (isStopping()) return { type: "away" };
  const attach = () => host.attach(request, tokens);
  const attachment = await tracing.spanOf(request.taskId, "worker attach", attach);
  switch (attachment.type) {
    case "session":
      if (await confirmed(attachment.session, () => machineRows.adopt(id, me)))
        return { type: "running", session: attachment.session };
      await host.remove(request);
      await rows.delete(id);
      return UNWANTED;
    case "ended":
      logFailure(parts, request, attachment.failure, "a session could not be reached again");
      await machineRows.failed(id, me.id, attachment.failure);
      return { type: "failed", failure: attachment.failure };
    case "gone":
      await rows.delete(id);
      return UNWANTED;
    case "away":
      return attachment;
    default:
      return attachment satisfies never;
  }
}
