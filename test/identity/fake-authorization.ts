import type { ConnectionTokens } from "../../src/core/identity/connection.ts";
import type { Authorization, Granted } from "../../src/ports/authorization.ts";

const HOURS_MS = 3_600_000;

/** GitHub's side of tokens: a refresh ends both old tokens. */
export class FakeAuthorization implements Pick<
  Authorization,
  "refresh" | "revoke" | "withdraw" | "stateOf"
> {
  /** Refresh tokens that were sent, in their order. */
  readonly refreshes: string[] = [];
  readonly revoked: string[] = [];
  /** The tokens with which authorizations were deleted. */
  readonly withdrawn: string[] = [];
  /** Tokens that GitHub doesn't know anymore. */
  readonly dead = new Set<string>();
  /** What the next refreshes come to, instead of new tokens. */
  readonly answers: Granted[] = [];
  /** Awaited before GitHub answers. */
  answering: Promise<unknown> = Promise.resolve();
  readonly #alive = new Set<string>();
  readonly #now: () => Date;
  #issued = 0;

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** Tokens as a person gets them who agrees. */
  issue(): ConnectionTokens & { readonly refreshToken: string } {
    this.#issued += 1;
    const refreshToken = `ghr_s3cret_refresh_${this.#issued}`;
    this.#alive.add(refreshToken);
    return { token: `ghu_s3cret_token_${this.#issued}`, refreshToken };
  }

  async refresh(refreshToken: string): Promise<Granted> {
    this.refreshes.push(refreshToken);
    await this.answering;
    const answer = this.answers.shift();
    if (answer !== undefined) return answer;
    if (!this.#alive.delete(refreshToken)) {
      const message = "The refresh token passed is incorrect or expired.";
      return { type: "refused", code: "bad_refresh_token", message };
    }
    const expiresAt = new Date(this.#now().getTime() + 8 * HOURS_MS).toISOString();
    return { type: "granted", tokens: this.issue(), expiresAt };
  }

  withdraw(token: string): Promise<boolean> {
    this.withdrawn.push(token);
    return Promise.resolve(!this.dead.has(token));
  }

  stateOf(token: string): Promise<"alive" | "ended"> {
    return Promise.resolve(this.dead.has(token) ? "ended" : "alive");
  }

  revoke(token: string): Promise<void> {
    this.revoked.push(token);
    return Promise.resolve();
  }
}
