import { randomUUID } from "node:crypto";
import type { z } from "zod";
import { isThere } from "../core/worker/machine.ts";
import { attachmentSchema } from "../core/worker/results.ts";
import type { HostedRow, Mail, WorkerRow } from "../ports/hosting-rows.ts";
import type {
  HostedAttachment,
  HostedOpening,
  HostedRequest,
  HostedTokens,
  SessionHost,
} from "../ports/session-host.ts";
import type { PushOutcome } from "../ports/workspaces.ts";
import type { WorkerConnection } from "./worker-connection.ts";
import type { OpeningParts } from "./opening.ts";
import { WaitingForOpening } from "./opening.ts";
import { createRemoteSession, pushThrough } from "./remote-session.ts";
import type { Switchboard } from "./switchboard.ts";
import { openSwitchboard } from "./switchboard.ts";

/** What the bot reaches its workers through. */
export interface RemoteHostParts extends OpeningParts {
  readonly mail: Mail;
  /** Aborted when this process ends, and leaves its sessions to others. */
  readonly stopping: AbortSignal;
}

/** Sessions on workers. */
export interface RemoteHost extends SessionHost {
  close(): Promise<void>;
}

/** Runs sessions on workers, which any replica of the bot reaches through the database. */
export async function openRemoteHost(parts: RemoteHostParts): Promise<RemoteHost> {
  const client = randomUUID();
  const switchboard = openSwitchboard({ ...parts, client });
  const stopListening = await parts.jobs.listen((recipient) => {
    if (recipient === client || recipient === "*") switchboard.wake();
  });
  const host = new WorkersHost(parts, client, switchboard);
  return {
    open: (request, tokens, waiting) => host.open(request, tokens, waiting),
    attach: (request, tokens) => host.attach(request, tokens),
    push: (request, token) => host.push(request, token),
    remove: (request) => host.remove(request),
    async close() {
      await stopListening();
      await switchboard.close();
    },
  };
}

/** A connection to a session's worker, or where that is which isn't there. */
type Reached =
  | {
      readonly type: "connection";
      readonly connection: WorkerConnection;
      readonly machine: string;
    }
  | { readonly type: "away"; readonly machine: string };

const GONE: HostedAttachment = { type: "gone" };

class WorkersHost implements SessionHost {
  readonly #parts: RemoteHostParts;
  readonly #client: string;
  readonly #switchboard: Switchboard;

  constructor(parts: RemoteHostParts, client: string, switchboard: Switchboard) {
    this.#parts = parts;
    this.#client = client;
    this.#switchboard = switchboard;
  }

  async open(
    request: HostedRequest,
    tokens: () => Promise<HostedTokens>,
    waiting: Parameters<SessionHost["open"]>[2],
  ): Promise<HostedOpening> {
    const row = await this.#parts.rows.request(request, this.#client);
    const connection = this.#switchboard.connect(row);
    const wanted = { request, tokens, waiting, connection };
    try {
      const opening = await new WaitingForOpening(this.#parts, wanted).end();
      if (opening.type !== "started") {
        connection.end();
        return opening;
      }
      this.#switchboard.watch(connection);
      const session = createRemoteSession(connection, opening.session, this.#isStopping);
      return { type: "started", session };
    } catch (error) {
      connection.end();
      throw error;
    }
  }

  async attach(request: HostedRequest, tokens: HostedTokens): Promise<HostedAttachment> {
    const { rows } = this.#parts;
    const row = await rows.connect(request.sessionId, this.#client);
    if (row === null) return GONE;
    switch (row.state) {
      case "waiting":
      case "claimed":
        // A worker may have begun with it just now.
        return (await rows.withdraw(row.id)) ? GONE : this.attach(request, tokens);
      case "failed":
        return row.failure === null ? GONE : { type: "ended", failure: row.failure };
      case "removing":
        return GONE;
      case "begun":
      case "open":
        return this.#attachTo(row, tokens);
      default:
        return row.state satisfies never;
    }
  }

  async push({ sessionId }: HostedRequest, token: string): Promise<PushOutcome> {
    const row = await this.#parts.rows.connect(sessionId, this.#client);
    if (row === null) throw new Error("no machine has the session");
    const reached = await this.#reach(row);
    if (reached.type === "away") throw new Error(`${reached.machine} doesn't answer`);
    const { connection, machine } = reached;
    try {
      return await pushThrough(connection, machine, token);
    } finally {
      connection.end();
    }
  }

  async remove({ sessionId }: Pick<HostedRequest, "sessionId">): Promise<void> {
    const { rows } = this.#parts;
    if (await rows.withdraw(sessionId)) return;
    const row = await rows.connect(sessionId, this.#client);
    if (row === null) return;
    // Its worker does it when it's back, if it isn't there.
    await rows.leaveForRemoval(sessionId);
    const reached = await this.#reach(row);
    if (reached.type === "away") return;
    await reached.connection.call({ type: "remove" });
    reached.connection.end();
  }

  async #attachTo(row: HostedRow, tokens: HostedTokens): Promise<HostedAttachment> {
    const reached = await this.#reach(row);
    if (reached.type === "away") return reached;
    const { connection } = reached;
    const reply = await connection.callSealed("attach", tokens);
    const attachment: z.output<typeof attachmentSchema> =
      reply.type === "unreachable" ? { type: "away" } : attachmentSchema.parse(reply.result);
    if (attachment.type === "session") {
      const session = createRemoteSession(connection, attachment.session, this.#isStopping);
      return { type: "session", session };
    }
    connection.end();
    if (attachment.type !== "away") return attachment;
    return { type: "away", machine: machineOf(row, await this.#workerOf(row)) };
  }

  async #reach(row: HostedRow): Promise<Reached> {
    const worker = await this.#workerOf(row);
    if (worker === undefined || !isThere(worker)) {
      return { type: "away", machine: machineOf(row, worker) };
    }
    const connection = this.#switchboard.connect(row);
    connection.connectTo(worker);
    this.#switchboard.watch(connection);
    return { type: "connection", connection, machine: worker.name };
  }

  async #workerOf(row: HostedRow): Promise<WorkerRow | undefined> {
    return (await this.#parts.workers.all()).find(({ id }) => id === row.worker);
  }

  readonly #isStopping = (): boolean => this.#parts.stopping.aborted;
}

function machineOf(row: HostedRow, worker: WorkerRow | undefined): string {
  return worker?.name ?? row.worker ?? "unknown";
}
