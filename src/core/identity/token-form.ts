import type { TokenKind } from "./connection.ts";

/** Which token of GitHub's a text is, by its prefix. The last four are good for nothing here. */
export type TokenForm = TokenKind | "classic" | "installation" | "refresh" | "unknown";

/** https://docs.github.com/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats */
const FORMS: readonly (readonly [prefix: string, form: TokenForm])[] = [
  ["ghu_", "app"],
  ["gho_", "oauth_app"],
  ["github_pat_", "personal"],
  ["ghp_", "classic"],
  ["ghs_", "installation"],
  ["ghr_", "refresh"],
];

/** The form of a token; `unknown` too for one with characters that can't be in it. */
export function tokenFormOf(token: string): TokenForm {
  if (!/^\w{10,255}$/u.test(token)) return "unknown";
  return FORMS.find(([prefix]) => token.startsWith(prefix))?.[1] ?? "unknown";
}
