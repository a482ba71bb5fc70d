import { randomUUID } from "node:crypto";
import type { Notice, NoticeLetter } from "../core/worker/messages.ts";
import type { HostedSession } from "../ports/session-host.ts";

/** Where notices about a session go. */
export interface LineEnd {
  readonly sessionId: string;
  readonly fence: number;
  /** The address of whoever is connected. */
  readonly client: string;
  readonly send: (recipient: string, letter: NoticeLetter) => void;
}

/** Whoever is connected to a session of this worker. */
export class ClientLine {
  readonly #end: LineEnd;
  readonly #questions = new Map<string, (isWanted: boolean) => void>();
  #stopObserving = () => {};
  #isCut = false;

  constructor(end: LineEnd) {
    this.#end = end;
  }

  get fence(): number {
    return this.#end.fence;
  }

  notify(notice: Notice): void {
    const { sessionId, fence, client, send } = this.#end;
    send(client, { sessionId, fence, notice });
  }

  /** Passes on everything that was observed, from the beginning, and then what is. */
  observe(session: HostedSession): void {
    if (this.#isCut) return;
    let position = 0;
    this.#stopObserving();
    this.#stopObserving = session.observe((observation) => {
      const canAnswer = observation.type === "asked" && session.canAnswer(observation.requestId);
      this.notify({ type: "observed", position, observation, canAnswer });
      position += 1;
    });
  }

  /** Asks whether the prompt of a call is still to be sent. False when nobody is there to say so. */
  isWanted(callId: string): Promise<boolean> {
    if (this.#isCut) return Promise.resolve(false);
    const question = randomUUID();
    return new Promise((resolve) => {
      this.#questions.set(question, resolve);
      this.notify({ type: "wanted", id: callId, question });
    });
  }

  answerWanted(question: string, isWanted: boolean): void {
    this.#questions.get(question)?.(isWanted);
    this.#questions.delete(question);
  }

  /** Nothing more is passed on. */
  cut(): void {
    this.#isCut = true;
    this.#stopObserving();
    for (const resolve of this.#questions.values()) resolve(false);
    this.#questions.clear();
  }
}
