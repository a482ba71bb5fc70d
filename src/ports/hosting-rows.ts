import type { Failure } from "../core/task/failure.ts";
import type { HostedRequest } from "./session-host.ts";

/** A worker that has ever been there. */
export interface WorkerRow {
  /** Stays the same when it's started again. */
  readonly id: string;
  /** Another one for each start: the address of its mail. */
  readonly process: string;
  /** The machine's name. */
  readonly name: string;
  /** Seals what only this process can read. */
  readonly publicKey: string;
  /** What the machine has, for policies that ask for it. */
  readonly labels: readonly string[];
  /** How many sessions it runs at once, and how many places are taken. */
  readonly places: number;
  readonly taken: number;
  /** Of its letters: what has another one isn't understood. */
  readonly version: number;
  /** How long ago it was started, and last said that it's there, by the database's clock, in milliseconds. */
  readonly upMs: number;
  readonly silentMs: number;
}

/** A session that somebody wants, or has, on a worker. */
export interface HostedRow {
  readonly id: string;
  readonly request: HostedRequest;
  /**
   * `claimed`: a worker has it and waits to be given its tokens. `begun`: from now on it belongs to that worker, whatever
   * happens. `open`: it has opened. `removing`: nobody wants it anymore, and its worker hasn't heard that yet.
   */
  readonly state: "waiting" | "claimed" | "begun" | "open" | "failed" | "removing";
  readonly worker: string | null;
  /** The worker's process that claimed or opened it. */
  readonly process: string | null;
  /** Who is connected to it. */
  readonly client: string;
  /** The number of that connection: of two, the higher one has the session. */
  readonly fence: number;
  /** Why it failed. */
  readonly failure: Failure | null;
}

/**
 * The rows of sessions on workers, in PostgreSQL. Each change says from which state it leads, and changes nothing in
 * another one.
 */
export interface HostingRows {
  /** Asks for a session, or connects to the one that was asked for with this id. */
  request(request: HostedRequest, client: string): Promise<HostedRow>;
  /** Connects to a session that was asked for; null when there's none. */
  connect(sessionId: string, client: string): Promise<HostedRow | null>;
  find(sessionId: string): Promise<HostedRow | null>;
  /** How many wait for a worker of another version than this one. */
  waitingForOther(version: number): Promise<number>;
  /** All of a worker's. */
  ofWorker(worker: string): Promise<readonly HostedRow[]>;
  /** Deletes one that no worker has begun. @returns whether there's none left that a worker could begin */
  withdraw(sessionId: string): Promise<boolean>;
  /** Has the worker remove it, when it's back. */
  leaveForRemoval(sessionId: string): Promise<void>;
  /** Lets another worker take one that this process has claimed and not begun. */
  release(sessionId: string, process: string): Promise<void>;
  delete(sessionId: string): Promise<void>;
  /** Deletes what nobody has looked at for a month. */
  sweep(): Promise<void>;
}

/** The same rows, as workers change them. */
export interface MachineRows {
  /** For a worker with room. Null when somebody else has it, or nobody wants it anymore. */
  claim(sessionId: string, worker: Pick<WorkerRow, "id" | "process">): Promise<HostedRow | null>;
  /** From now on it belongs to this worker. False when it has been taken from this process. */
  begin(sessionId: string, process: string): Promise<boolean>;
  /** Lets another worker take one with which this process has begun, and certainly has made nothing. */
  handBack(sessionId: string, process: string): Promise<void>;
  /** False when it's to be removed. */
  opened(sessionId: string, process: string): Promise<boolean>;
  failed(sessionId: string, worker: string, failure: Failure): Promise<void>;
  /** Says that the session runs in this process of its worker's from now on. False when it's to be removed. */
  adopt(sessionId: string, worker: Pick<WorkerRow, "id" | "process">): Promise<boolean>;
}

/** The rows of workers. */
export interface WorkerRows {
  /** Says that it's there, in this process from now on. */
  register(worker: Omit<WorkerRow, "taken" | "upMs" | "silentMs">): Promise<void>;
  /** Says that it's still there. False when another process has its identity. */
  beat(worker: Pick<WorkerRow, "id" | "process" | "taken">): Promise<boolean>;
  /** Says that it isn't there anymore. */
  leave(worker: Pick<WorkerRow, "id" | "process">): Promise<void>;
  all(): Promise<readonly WorkerRow[]>;
  /** Deletes those that haven't been there for a month, and have no sessions. */
  sweep(): Promise<void>;
}

/** Something for a process. */
export interface Letter {
  /** A UUID: sent twice, it arrives once. */
  readonly id: string;
  readonly recipient: string;
  readonly content: unknown;
}

/** What processes send each other. A letter is kept until its recipient has taken it in. */
export interface Mail {
  /** Sends letters and wakes up their recipients. */
  send(letters: readonly Letter[]): Promise<void>;
  /** The oldest ones, in the order in which they were sent. */
  read(recipient: string): Promise<readonly Letter[]>;
  remove(ids: readonly string[]): Promise<void>;
  /** Deletes what nobody has read for minutes. */
  sweep(): Promise<void>;
}

/** What there is to do for workers. */
export interface HostingJobs {
  /** Lets a worker with these labels know of a session that waits. Repeated, it's one job. */
  send(labels: readonly string[], sessionId: string): Promise<void>;
  /** A session that waits for a machine with no other labels than these; null when none does. */
  take(labels: readonly string[]): Promise<string | null>;
  /** Calls back for each letter to a recipient, or job (`jobs`), and for whatever may have been missed (`*`). */
  listen(onWake: (recipient: string) => void): Promise<() => Promise<void>>;
}
