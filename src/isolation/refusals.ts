import type { Log } from "../ports/log.ts";

/** Lines in the log for what one sandbox was refused. It can ask for as much as it likes. */
const MAX_LINES = 100;

/** Logs what a sandbox was refused: each thing once, up to a number of them, and then that nothing more is logged. */
export class RefusalLog {
  readonly #log: Pick<Log, "warn">;
  readonly #message: string;
  readonly #logged = new Set<string>();
  #isFull = false;

  constructor(log: Pick<Log, "warn">, message: string) {
    this.#log = log;
    this.#message = message;
  }

  /** @param what is logged only once */
  add(what: string, fields: Readonly<Record<string, unknown>>): void {
    if (this.#isFull || this.#logged.has(what)) return;
    if (this.#logged.size < MAX_LINES) {
      this.#logged.add(what);
      this.#log.warn({ ...fields }, this.#message);
      return;
    }
    this.#isFull = true;
    this.#logged.clear();
    this.#log.warn(
      { logged: MAX_LINES },
      "a sandbox was refused too much: nothing more of it is logged",
    );
  }
}
