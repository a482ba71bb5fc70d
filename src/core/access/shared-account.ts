import type { Failure } from "../task/failure.ts";

/**
 * The account of a token of the bot's own, or GitHub's refusal to say which one it is; null where it's no account of
 * this GitHub.
 */
export type SharedAccount =
  | { readonly type: "account"; readonly id: number; readonly login: string }
  | { readonly type: "refusal"; readonly status: number; readonly message: string }
  | null;

/**
 * Why nobody may start anything with the bot's token: nobody knows whether it's the account itself that asks. Null where
 * that is known. A good token always has an account, so no session could be started with one that GitHub refuses.
 */
export function failureToKnow(account: SharedAccount): Failure | null {
  if (account?.type !== "refusal") return null;
  const { status, message } = account;
  return { code: "bad_credentials", status, message, nothingCreated: true };
}
