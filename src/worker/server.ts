import { setTimeout as sleep } from "node:timers/promises";
import { callLetterSchema } from "../core/worker/messages.ts";
import type { HostingJobs, Mail, WorkerRows } from "../ports/hosting-rows.ts";
import type { NoticeLetter } from "../core/worker/messages.ts";
import type { HostedParts } from "./hosted.ts";
import { Hosted } from "./hosted.ts";
import { createClaims } from "./claims.ts";
import { openPost } from "./post.ts";
import { startBeats } from "./beats.ts";
import { createWorkerKey } from "./sealing.ts";

/** What a worker works with. */
export interface WorkerParts extends Pick<HostedParts, "rows" | "host" | "me" | "refusal" | "log"> {
  readonly workers: WorkerRows;
  readonly mail: Mail;
  readonly jobs: HostingJobs;
  readonly labels: readonly string[];
  /** The most sessions at once. */
  readonly places: number;
  /** Another process has this worker's identity: this one must end. */
  readonly onReplaced: () => void;
}

/** A worker that has begun to work. */
export interface Worker {
  /** Takes nothing new, hands back what it hasn't begun, and ends the runtimes of its sessions, which stay its own. */
  stop(): Promise<void>;
}

/** Between two looks for what's to be removed, in milliseconds. */
const REMOVALS_MS = 30_000;
/** What a worker that stops waits for, in milliseconds: sessions that are being opened, and its last letters. */
const OPENING_MS = 10_000;
const LAST_LETTERS_MS = 2_000;

/** Runs sessions for the bot, as many as there are places. */
export async function startWorker(parts: WorkerParts): Promise<Worker> {
  const { rows, workers, mail, jobs, me, log } = parts;
  const key = createWorkerKey();
  let isStopping = false;
  const hosted = new Map<string, Hosted>();
  const send = (recipient: string, letter: NoticeLetter) => post.send(recipient, letter);
  const onFree = (one: Hosted) => {
    if (hosted.get(one.id) === one) hosted.delete(one.id);
    claims.look();
  };
  const hostedParts: HostedParts = { ...parts, key, send, onFree, isStopping: () => isStopping };
  const claims = createClaims({ ...parts, send, running: () => hosted.size });
  const post = openPost({ mail, address: me.process, log, onLetter });

  function hostedOf(sessionId: string): Hosted {
    const one = hosted.get(sessionId) ?? new Hosted(sessionId, hostedParts);
    hosted.set(sessionId, one);
    return one;
  }

  function onLetter(content: unknown): void {
    const letter = callLetterSchema.safeParse(content).data;
    if (letter === undefined) return log.error({}, "the bot sent something that can't be read");
    const { sessionId } = letter;
    const one = hostedOf(sessionId);
    claims.settle(sessionId);
    one.receive(letter);
  }

  async function removeUnwanted(): Promise<void> {
    const own = await rows.ofWorker(me.id);
    for (const { id, state, process } of own) {
      if (state === "claimed" && process !== me.process) await rows.release(id, process ?? "");
      if (state === "removing") await hostedOf(id).discard();
    }
  }

  await workers.register({ ...me, publicKey: key.publicKey });
  const beats = startBeats(parts);
  const stopListening = await jobs.listen((recipient) => {
    if (recipient === me.process || recipient === "*") post.wake();
    if (recipient === "jobs" || recipient === "*") claims.look();
  });
  const sweeps = setInterval(() => void sweep(), REMOVALS_MS).unref();
  async function sweep(): Promise<void> {
    try {
      await removeUnwanted();
      await mail.sweep();
      await rows.sweep();
    } catch (error) {
      log.error({ err: error }, "what's over could not be removed");
    }
  }
  void sweep();
  claims.look();
  return {
    async stop() {
      isStopping = true;
      clearInterval(sweeps);
      await claims.stop();
      // What is being opened is handed back while the bot still hears that this worker is there.
      const settled = Promise.all(Array.from(hosted.values(), (one) => one.settle()));
      await Promise.race([settled, sleep(OPENING_MS, undefined, { ref: false })]);
      await post.flush(LAST_LETTERS_MS);
      await beats.stop();
      await Promise.all(Array.from(hosted.values(), (one) => one.stop()));
      await post.flush(LAST_LETTERS_MS);
      post.stop();
      await stopListening();
    },
  };
}
