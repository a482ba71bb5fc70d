import { setTimeout as sleep } from "node:timers/promises";
import type { NoticeLetter } from "../core/worker/messages.ts";
import { callLetterSchema, LETTERS_VERSION } from "../core/worker/messages.ts";
import type { HostingJobs, Mail, WorkerRows } from "../ports/hosting-rows.ts";
import { LastHeard, startBeats } from "./beats.ts";
import type { BeginningParts } from "./beginning.ts";
import type { ClaimsParts } from "./claims.ts";
import { SessionClaims } from "./claims.ts";
import { Hosted } from "./hosted.ts";
import type { Post } from "./post.ts";
import { openPost } from "./post.ts";
import type { WorkerKey } from "./sealing.ts";
import { createWorkerKey } from "./sealing.ts";
import { CUT_OFF_MS } from "./presence.ts";

/** What a worker works with. */
export interface WorkerParts
  extends Omit<BeginningParts, "isStopping">, Pick<ClaimsParts, "labels" | "places" | "answerMs"> {
  readonly workers: WorkerRows;
  readonly mail: Mail;
  readonly jobs: HostingJobs;
  /** Another process has this worker's identity: this one must end. */
  readonly onReplaced: () => void;
  /** Of its letters; this program's, unless given. */
  readonly version?: number;
  /** For how long sessions run while the database is away; a minute, unless given. */
  readonly cutOffMs?: number;
}

/** A worker that has begun to work. */
export interface Worker {
  /** Takes nothing new, hands back what it hasn't begun, and ends the runtimes of its sessions, which stay its own. */
  stop(): Promise<void>;
}

/** Between two looks for what's to be removed, in milliseconds. */
const SWEEP_MS = 30_000;
/** What a worker that stops waits for, in milliseconds: sessions that are being opened, and its last letters. */
const OPENING_MS = 10_000;
const LAST_LETTERS_MS = 2_000;

/** Runs sessions for the bot, as many as there are places. */
export async function startWorker(parts: WorkerParts): Promise<Worker> {
  const { rows, workers, mail, jobs, me, labels, places, log } = parts;
  const key = createWorkerKey();
  const heard = new LastHeard();
  const sessions = new WorkerSessions(parts, key, heard);
  const { cutOffMs = CUT_OFF_MS, version = LETTERS_VERSION } = parts;
  await workers.register({ ...me, labels, places, version, publicKey: key.publicKey });
  let isOtherVersionSaid = false;
  const lookForOtherVersion = async () => {
    if (isOtherVersionSaid || (await rows.waitingForOther(version)) === 0) return;
    isOtherVersionSaid = true;
    log.error({ version }, OTHER_VERSION);
  };
  const beats = startBeats({
    ...parts,
    heard,
    taken: () => sessions.taken(),
    cutOffMs,
    onCutOff: () => void sessions.endRuntimes(),
  });
  const stopListening = await jobs.listen((recipient) => sessions.wake(recipient));
  const sweep = async () => {
    try {
      await lookForOtherVersion();
      await sessions.removeUnwanted();
      await mail.sweep();
      await rows.sweep();
      await workers.sweep();
    } catch (error) {
      log.error({ err: error }, "what's over could not be removed");
    }
  };
  const sweeps = setInterval(() => void sweep(), SWEEP_MS).unref();
  void sweep();
  sessions.wake("*");
  return {
    async stop() {
      clearInterval(sweeps);
      // What is being opened is handed back while the bot still hears that this worker is there.
      await sessions.handBack();
      await beats.stop();
      await sessions.stop();
      await stopListening();
    },
  };
}

const OTHER_VERSION =
  "the bot has another version than this worker, which takes nothing from it: install the same version on both, and restart them";

const CUT_OFF =
  "the database has been away for too long: the runtimes of these sessions were ended until it's back";

/** The sessions of a worker, and the calls for them. */
class WorkerSessions {
  readonly #parts: WorkerParts;
  readonly #key: WorkerKey;
  readonly #hosted = new Map<string, Hosted>();
  readonly #post: Post;
  readonly #claims: SessionClaims;
  #isStopping = false;

  constructor(parts: WorkerParts, key: WorkerKey, heard: LastHeard) {
    this.#parts = parts;
    this.#key = key;
    const { mail, me, log } = parts;
    const onLetter = (content: unknown) => {
      // What's begun now must not end because of what was before.
      heard.note();
      this.#receive(content);
    };
    this.#post = openPost({ mail, address: me.process, log, onLetter });
    this.#claims = new SessionClaims({
      ...parts,
      send: this.#send,
      running: () => this.#hosted.size,
    });
  }

  /** How many places are taken: by sessions that run, and by those that are about to. */
  taken(): number {
    return this.#claims.size + this.#hosted.size;
  }

  wake(recipient: string): void {
    if (recipient === this.#parts.me.process || recipient === "*") this.#post.wake();
    if (recipient === "jobs" || recipient === "*") this.#claims.look();
  }

  /** Ends what an earlier process has claimed, and removes what nobody wants anymore. */
  async removeUnwanted(): Promise<void> {
    const { rows, me } = this.#parts;
    for (const { id, state, process } of await rows.ofWorker(me.id)) {
      if (state === "claimed" && process !== me.process) await rows.release(id, process ?? "");
      if (state === "removing") await this.#hostedOf(id).discard();
    }
  }

  /** Ends what runs while nobody reaches it. When the database is back, whoever has the sessions starts them again. */
  async endRuntimes(): Promise<void> {
    const running = [...this.#hosted.values()].filter(({ isRunning }) => isRunning);
    if (running.length === 0) return;
    const ended = await Promise.allSettled(running.map((one) => one.stop()));
    const sessions = running.map(({ id }) => id);
    const errors = ended.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
    this.#parts.log.error({ sessions, errors }, CUT_OFF);
  }

  async handBack(): Promise<void> {
    this.#isStopping = true;
    await this.#claims.stop();
    const settled = Promise.all(Array.from(this.#hosted.values(), (one) => one.settle()));
    await Promise.race([settled, sleep(OPENING_MS, undefined, { ref: false })]);
    await this.#post.flush(LAST_LETTERS_MS);
  }

  async stop(): Promise<void> {
    await Promise.all(Array.from(this.#hosted.values(), (one) => one.stop()));
    await this.#post.flush(LAST_LETTERS_MS);
    this.#post.stop();
  }

  readonly #send = (recipient: string, letter: NoticeLetter): void => {
    this.#post.send(recipient, letter);
  };

  #receive(content: unknown): void {
    const letter = callLetterSchema.safeParse(content).data;
    if (letter === undefined) {
      return this.#parts.log.error({}, "the bot sent something that can't be read");
    }
    const one = this.#hostedOf(letter.sessionId);
    this.#claims.settle(letter.sessionId);
    one.receive(letter);
  }

  #hostedOf(sessionId: string): Hosted {
    const one =
      this.#hosted.get(sessionId) ??
      new Hosted(sessionId, {
        ...this.#parts,
        key: this.#key,
        send: this.#send,
        isStopping: () => this.#isStopping,
        onFree: (free) => this.#forget(free),
      });
    this.#hosted.set(sessionId, one);
    return one;
  }

  #forget(one: Hosted): void {
    if (this.#hosted.get(one.id) === one) this.#hosted.delete(one.id);
    this.#claims.look();
  }
}
