import type { Person } from "../core/identity/connection.ts";
import type { Authorization } from "../ports/authorization.ts";
import type { FitToken } from "./connecting.ts";

/** What became of a token that a person pasted. */
type PastedToken =
  | { readonly type: "fit"; readonly fit: FitToken }
  /** Sentences that say what's missing, and the page where it's given. */
  | { readonly type: "problem"; readonly problem: string; readonly page: string | null };

const PERSONAL_TOKEN = /^github_pat_\w{1,244}$/u;

/** Examines a token before it's stored: it has to be a fine-grained one, fit, and the person's own. */
export async function examinePasted(
  { authorization }: { readonly authorization: Pick<Authorization, "examine"> },
  token: string,
  person: Person,
): Promise<PastedToken> {
  if (!PERSONAL_TOKEN.test(token)) {
    return problem("It isn't a fine-grained personal access token, which begins with github_pat_.");
  }
  const examined = await authorization.examine(token);
  if (examined.type === "unreachable") {
    return problem("GitHub didn't respond. Try again in a few minutes.");
  }
  const owner = examined.person;
  if (owner !== null && owner.id !== person.id) {
    return problem(`It belongs to @${owner.login}, but you're signed in as @${person.login}.`);
  }
  if (examined.type === "unfit") return { ...examined, type: "problem" };
  const tokens = { token, refreshToken: null };
  // GitHub doesn't say when a fine-grained token expires.
  return { type: "fit", fit: { examined, kind: "personal", tokens, expiresAt: null } };
}

function problem(sentence: string): PastedToken {
  return { type: "problem", problem: sentence, page: null };
}
