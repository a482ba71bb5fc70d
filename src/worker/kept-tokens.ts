import type { HostedTokens } from "../ports/session-host.ts";

/** How long tokens are given to workers, in milliseconds: they last an hour, and a checkout takes minutes. */
const FRESH_MS = 5 * 60_000;

/** What has come of asking for them. */
type Came =
  | { readonly type: "nothing" }
  | { readonly type: "tokens"; readonly tokens: HostedTokens; readonly at: number }
  | { readonly type: "failed"; readonly error: unknown };

/**
 * The tokens of a session. Looking them up may take longer than the worker that has claimed it waits. They're kept for the
 * next claim then: otherwise, each would end like the one before.
 */
export class KeptTokens {
  readonly #ask: () => Promise<HostedTokens>;
  readonly #onCame: () => void;
  #came: Came | null = null;

  /** @param onCame when there's something to take, or there will be nothing */
  constructor(ask: () => Promise<HostedTokens>, onCame: () => void) {
    this.#ask = ask;
    this.#onCame = onCame;
  }

  /** Null while they're on their way, and where asking has failed. */
  take(): HostedTokens | null {
    if (!this.#isAsked()) this.#begin();
    return this.#came?.type === "tokens" ? this.#came.tokens : null;
  }

  /** Why there will be none. */
  get failed(): Extract<Came, { readonly type: "failed" }> | null {
    return this.#came?.type === "failed" ? this.#came : null;
  }

  #isAsked(): boolean {
    if (this.#came?.type !== "tokens") return this.#came !== null;
    return performance.now() - this.#came.at < FRESH_MS;
  }

  #begin(): void {
    this.#came = { type: "nothing" };
    const come = (came: Came) => {
      this.#came = came;
      this.#onCame();
    };
    this.#ask().then(
      (tokens) => come({ type: "tokens", tokens, at: performance.now() }),
      (error: unknown) => come({ type: "failed", error }),
    );
  }
}
