import { randomUUID } from "node:crypto";
import { attachmentSchema } from "../core/worker/results.ts";
import type {
  HostedRow,
  HostingJobs,
  HostingRows,
  Mail,
  WorkerRow,
  WorkerRows,
} from "../ports/hosting-rows.ts";
import type { Log } from "../ports/log.ts";
import type {
  HostedAttachment,
  HostedRequest,
  HostedTokens,
  SessionHost,
} from "../ports/session-host.ts";
import type { Connection } from "./connection.ts";
import { WaitingForOpening } from "./opening.ts";
import { isThere } from "./presence.ts";
import { createRemoteSession } from "./remote-session.ts";
import { openSwitchboard } from "./switchboard.ts";

/** What the bot reaches its workers through. */
export interface RemoteHostParts {
  readonly rows: HostingRows;
  readonly workers: WorkerRows;
  readonly mail: Mail;
  readonly jobs: HostingJobs;
  readonly log: Pick<Log, "error">;
  /** Aborted when this process ends, and leaves its sessions to others. */
  readonly stopping: AbortSignal;
}

/** Sessions on workers. */
export interface RemoteHost extends SessionHost {
  close(): Promise<void>;
}

const GONE: HostedAttachment = { type: "gone" };

/** Runs sessions on workers, which any replica of the bot reaches through the database. */
export async function openRemoteHost(parts: RemoteHostParts): Promise<RemoteHost> {
  const { rows, workers, jobs, stopping } = parts;
  const client = randomUUID();
  const switchboard = openSwitchboard({ ...parts, client });
  const stopListening = await jobs.listen((recipient) => {
    if (recipient === client || recipient === "*") switchboard.wake();
  });
  const isStopping = () => stopping.aborted;

  /** A connection to a session of a worker that's there. */
  async function connectTo(row: HostedRow): Promise<Connection | WorkerRow | null> {
    const worker = (await workers.all()).find(({ id }) => id === row.worker);
    if (worker === undefined || !isThere(worker)) return worker ?? null;
    const connection = switchboard.connect(row);
    connection.connectTo(worker);
    switchboard.watch(connection);
    return connection;
  }

  return {
    async open(request, tokens, waiting) {
      const row = await rows.request(request, client);
      const connection = switchboard.connect(row);
      const wanted = { request, tokens, waiting, connection };
      const opening = await new WaitingForOpening(parts, wanted).end();
      if (opening.type !== "started") {
        connection.end();
        return opening;
      }
      switchboard.watch(connection);
      const session = createRemoteSession(connection, opening.session, isStopping);
      return { type: "started", session };
    },
    attach,
    async remove({ sessionId }) {
      if (await rows.withdraw(sessionId)) return;
      const row = await rows.connect(sessionId, client);
      if (row === null) return;
      // Its worker does it when it's back, if it isn't there.
      await rows.leaveForRemoval(sessionId);
      const connection = await connectTo(row);
      if (connection === null || "name" in connection) return;
      await connection.call({ type: "remove" });
      connection.end();
    },
    async close() {
      await stopListening();
      await switchboard.close();
    },
  };

  async function attach(request: HostedRequest, tokens: HostedTokens): Promise<HostedAttachment> {
    const row = await rows.connect(request.sessionId, client);
    if (row === null) return GONE;
    switch (row.state) {
      case "waiting":
      case "claimed":
        // A worker may have begun with it just now.
        return (await rows.withdraw(row.id)) ? GONE : attach(request, tokens);
      case "failed":
        return row.failure === null ? GONE : { type: "ended", failure: row.failure };
      case "removing":
        return GONE;
      case "begun":
      case "open":
        return attachTo(row, request, tokens);
      default:
        return row.state satisfies never;
    }
  }

  async function attachTo(
    row: HostedRow,
    { sessionId }: HostedRequest,
    tokens: HostedTokens,
  ): Promise<HostedAttachment> {
    const connection = await connectTo(row);
    if (connection === null || "name" in connection) {
      return { type: "away", machine: connection?.name ?? row.worker ?? sessionId };
    }
    const reply = await connection.callSealed("attach", tokens);
    const attachment =
      reply.type === "unreachable"
        ? ({ type: "away" } as const)
        : attachmentSchema.parse(reply.result);
    if (attachment.type === "session") {
      const session = createRemoteSession(connection, attachment.session, isStopping);
      return { type: "session", session };
    }
    connection.end();
    if (attachment.type !== "away") return attachment;
    const worker = (await workers.all()).find(({ id }) => id === row.worker);
    return { type: "away", machine: worker?.name ?? row.worker ?? sessionId };
  }
}
