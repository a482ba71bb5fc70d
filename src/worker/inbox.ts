import type { Mail } from "../ports/hosting-rows.ts";

interface Options {
  readonly mail: Mail;
  /** This process' address. */
  readonly address: string;
  /** Takes a letter in. Must not throw. */
  readonly onLetter: (content: unknown) => void;
  readonly onError: (error: unknown) => void;
}

/** For what PostgreSQL did not notify of, in milliseconds. */
const POLL_MS = 2_000;

/** What a process gets: taken in once and in order, and deleted after that. */
export class Inbox {
  readonly #options: Options;
  readonly #polls = setInterval(() => this.wake(), POLL_MS).unref();
  /** What was read, and may be read again. */
  readonly #taken = new Set<string>();
  /** Of those, what isn't in the database anymore. */
  readonly #removed: string[] = [];
  #isReading = false;
  #removing: Promise<boolean> | null = null;
  #isWoken = false;
  #isStopped = false;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Looks for letters now, beside every two seconds. */
  wake(): void {
    this.#isWoken = true;
    if (!this.#isReading) void this.#readAll();
  }

  stop(): void {
    this.#isStopped = true;
    clearInterval(this.#polls);
  }

  async #readAll(): Promise<void> {
    this.#isReading = true;
    while (this.#isWoken && !this.#isStopped) {
      this.#isWoken = false;
      await this.#readToEnd().catch(this.#options.onError);
    }
    this.#isReading = false;
  }

  async #readToEnd(): Promise<void> {
    let mayBeMore = true;
    while (mayBeMore && !this.#isStopped) mayBeMore = await this.#read();
  }

  /** @returns whether there may be more */
  async #read(): Promise<boolean> {
    const { mail, address, onLetter } = this.#options;
    const gone = this.#removed.splice(0);
    const letters = await mail.read(address);
    // This look can't have seen them anymore, as one that began before their removal may have.
    for (const id of gone) this.#taken.delete(id);
    const fresh = letters.filter(({ id }) => !this.#taken.has(id));
    for (const { id, content } of fresh) {
      this.#taken.add(id);
      onLetter(content);
    }
    if (this.#taken.size > 0) this.#removing ??= this.#remove();
    // Where all that was read is known, it has to go before there can be more.
    return fresh.length > 0 || (letters.length > 0 && (await this.#removing) === true);
  }

  /** Deletes what was taken in, beside what's read next. @returns whether that worked */
  async #remove(): Promise<boolean> {
    const ids = [...this.#taken];
    try {
      await this.#options.mail.remove(ids);
      this.#removed.push(...ids);
      return true;
    } catch (error) {
      this.#options.onError(error);
      return false;
    } finally {
      this.#removing = null;
    }
  }
}
