import { messageOf } from "../core/error/thrown.ts";
import type { Call, CallLetter, NoticeLetter } from "../core/worker/messages.ts";
import { pushTokenSchema, tokensSchema } from "../core/worker/messages.ts";
import type { HostedSession } from "../ports/session-host.ts";
import type { PushOutcome } from "../ports/workspaces.ts";
import type { Beginning, BeginningParts } from "./beginning.ts";
import { begin, beginAgain } from "./beginning.ts";
import { ClientLine } from "./client-line.ts";
import type { WorkerKey } from "./sealing.ts";
import type { SessionCall } from "./session-calls.ts";
import { doCall, resultOfConnecting } from "./session-calls.ts";

/** What the sessions of a worker share. */
export interface HostedParts extends BeginningParts {
  readonly key: WorkerKey;
  readonly send: (recipient: string, letter: NoticeLetter) => void;
  /** It needs no room anymore. */
  readonly onFree: (hosted: Hosted) => void;
}

/** One session on this worker: from the first that's heard of it until it needs no room anymore. */
export class Hosted {
  readonly id: string;
  readonly #parts: HostedParts;
  /** What opens, connects, and ends: one after the other. */
  #changes: Promise<unknown> = Promise.resolve();
  #changesLeft = 0;
  readonly #withdrawn = new AbortController();
  #line: ClientLine | null = null;
  #fence = 0;
  #session: HostedSession | null = null;
  #hasPrompt = false;

  constructor(id: string, parts: HostedParts) {
    this.id = id;
    this.#parts = parts;
  }

  /** Whether it has a runtime. */
  get isRunning(): boolean {
    return this.#session !== null;
  }

  /** Takes in a call from whoever has the session. */
  receive(letter: CallLetter): void {
    const { call, fence } = letter;
    if (fence < this.#fence) return this.#to(letter, { type: "fenced" });
    this.#do(letter, call);
    this.#freeIfUnused();
  }

  #do(letter: CallLetter, call: Call): void {
    switch (call.type) {
      case "open":
      case "attach":
        return this.#connect(letter, call);
      case "remove":
        this.#withdrawn.abort();
        this.#lineFor(letter);
        // Whoever removes it waits for that, and doesn't follow it to its end.
        this.#line = null;
        return this.#change(letter, () => this.#remove());
      case "withdraw":
        return this.#withdrawn.abort();
      case "disconnect":
        return this.#line?.cut();
      case "detach":
        return this.#change(letter, async () => {
          await this.#session?.detach();
          return null;
        });
      case "wanted":
        return this.#line?.answerWanted(call.question, call.isWanted);
      default:
        return this.#call(letter, call);
    }
  }

  /** Begins with nothing anymore, and hands back what can be. */
  async settle(): Promise<void> {
    this.#withdrawn.abort();
    await this.#changes;
  }

  /** Ends its runtime. */
  async stop(): Promise<void> {
    await this.#session?.detach();
  }

  /** Removes a session that nobody wants anymore. */
  async discard(): Promise<void> {
    await this.#inOrder(() => this.#remove());
    this.#freeIfUnused();
  }

  #call(letter: CallLetter, call: SessionCall): void {
    const session = this.#session;
    if (session === null && call.type === "push")
      return this.#change(letter, () => this.#pushEnded(letter, call.sealed));
    if (session === null) return this.#to(letter, { type: "lost", reason: "gone" });
    const line = this.#line;
    const isWanted = () => line?.isWanted(letter.id) ?? Promise.resolve(false);
    const unsealed = (sealed: string) => this.#unsealed(letter, sealed);
    this.#answer(letter, doCall(session, call, { isWanted, unsealed }));
  }

  /** What was committed before its runtime ended isn't lost. */
  async #pushEnded(letter: CallLetter, sealed: string): Promise<PushOutcome> {
    const { rows, host, me } = this.#parts;
    const row = await rows.find(this.id);
    if (row?.worker !== me.id) throw new Error(`${me.name} doesn't have the session`);
    const { token } = pushTokenSchema.parse(this.#unsealed(letter, sealed));
    return host.push(row.request, token);
  }

  #connect(letter: CallLetter, call: Extract<Call, { type: "open" | "attach" }>): void {
    const line = this.#lineFor(letter);
    this.#change(letter, async () => {
      const beginning = await this.#beginning(letter, call, line);
      if (beginning === null) return this.#to(letter, { type: "fenced" });
      if (beginning.type !== "running")
        return resultOfConnecting(call.type, beginning, this.#hasPrompt);
      this.#run(beginning.session);
      line.observe(beginning.session);
      return resultOfConnecting(call.type, beginning, this.#hasPrompt);
    });
  }

  /** Null when somebody else has the session. */
  async #beginning(
    letter: CallLetter,
    { type, sealed }: Extract<Call, { type: "open" | "attach" }>,
    line: ClientLine,
  ): Promise<Beginning | null> {
    if (this.#session !== null) return { type: "running", session: this.#session };
    const { rows, me } = this.#parts;
    const row = await rows.find(this.id);
    if (row !== null && letter.fence < row.fence) return null;
    const tokens = () => tokensSchema.parse(this.#unsealed(letter, sealed));
    if (type === "open" && row?.state === "claimed" && row.process === me.process) {
      const onTaken = (machine: string) => line.notify({ type: "taken", machine });
      const waiting = { withdrawn: this.#withdrawn.signal, onTaken };
      return begin(this.#parts, row, tokens(), waiting);
    }
    if (row?.worker === me.id && (row.state === "begun" || row.state === "open")) {
      return beginAgain(this.#parts, row, tokens());
    }
    return { type: "elsewhere" };
  }

  async #remove(): Promise<null> {
    const { rows, host } = this.#parts;
    await this.#session?.detach();
    const row = await rows.find(this.id);
    if (row === null) return null;
    await host.remove(row.request);
    await rows.delete(this.id);
    return null;
  }

  /** Follows a session to the end of its runtime. */
  #run(session: HostedSession): void {
    if (this.#session === session) return;
    this.#session = session;
    this.#hasPrompt = session.hosted.hasPrompt;
    // One that was opened without a prompt has one as soon as its agent does anything. Its link may come before.
    session.observe(({ type }) => {
      if (type === "working" || type === "said" || type === "asked") this.#hasPrompt = true;
    });
    const end = () => {
      if (this.#session !== session) return;
      this.#session = null;
      const reason = session.lost.reason === "token" ? "token" : "gone";
      this.#line?.notify({ type: "lost", reason });
      this.#line?.cut();
      this.#freeIfUnused();
    };
    if (session.lost.aborted) return end();
    session.lost.addEventListener("abort", end, { once: true });
    session.displaced.addEventListener("abort", () => this.#line?.notify({ type: "displaced" }), {
      once: true,
    });
  }

  /** From now on, whoever sent this has the session. */
  #lineFor({ sessionId, fence, from }: CallLetter): ClientLine {
    const before = this.#line;
    if (before !== null && before.fence < fence) {
      before.notify({ type: "fenced" });
      before.cut();
    }
    this.#fence = fence;
    const line = new ClientLine({ sessionId, fence, client: from, send: this.#parts.send });
    this.#line = line;
    return line;
  }

  #change(letter: CallLetter, change: () => Promise<unknown>): void {
    this.#answer(letter, this.#inOrder(change));
  }

  #inOrder(change: () => Promise<unknown>): Promise<unknown> {
    this.#changesLeft += 1;
    const result = this.#changes.then(change).finally(() => {
      this.#changesLeft -= 1;
    });
    this.#changes = result.catch(() => {});
    return result;
  }

  #answer(letter: CallLetter, result: Promise<unknown>): void {
    result
      .then(
        (value) => this.#to(letter, { type: "result", id: letter.id, result: value }),
        (error: unknown) => {
          this.#parts.log.error(
            { err: error, sessionId: letter.sessionId, call: letter.call.type },
            "a call to a session failed",
          );
          this.#to(letter, { type: "rejected", id: letter.id, message: messageOf(error) });
        },
      )
      .finally(() => this.#freeIfUnused());
  }

  #to({ sessionId, fence, from }: CallLetter, notice: NoticeLetter["notice"]): void {
    this.#parts.send(from, { sessionId, fence, notice });
  }

  #unsealed({ sessionId, id: callId }: CallLetter, sealed: string): unknown {
    return JSON.parse(this.#parts.key.open(sealed, { sessionId, callId }));
  }

  #freeIfUnused(): void {
    if (this.#session === null && this.#changesLeft === 0) this.#parts.onFree(this);
  }
}
