import { randomBytes } from "node:crypto";
import { escapeUTF8 } from "entities";
import type { Answer, Ask } from "../shapes.ts";
import type { State } from "../state/state.ts";
import { findAccount } from "../state/state.ts";
import { hidden, page, redirect } from "./html.ts";

/** Who is signed in in which browser. */
export interface SignIns {
  /** The login of the browser's person. */
  of(ask: Ask): string | undefined;
  /** Signs a person in; the cookie's value. */
  begin(login: string): string;
}

const COOKIE = "user_session";

/** Nobody is signed in. */
export function createSignIns(): SignIns {
  const sessions = new Map<string, string>();
  return {
    of({ cookie = "" }) {
      const [, id = ""] = new RegExp(`(?:^|; )${COOKIE}=(\\w+)`).exec(cookie) ?? [];
      return sessions.get(id);
    },
    begin(login) {
      const id = randomBytes(24).toString("hex");
      sessions.set(id, login);
      return id;
    },
  };
}

/** Lists the people: who is clicked on is signed in. */
export function showSignIn(ask: Ask, state: State): Answer {
  const query = new URLSearchParams(ask.query);
  const suggested = query.get("login")?.toLowerCase();
  const people = [...state.accounts.values()].filter(({ type }) => type === "User");
  const isSuggested = ({ login }: { readonly login: string }) => login.toLowerCase() === suggested;
  const listed = [
    ...people.filter(isSuggested),
    ...people.filter((account) => !isSuggested(account)),
  ];
  const buttons = listed.map(({ login }) => {
    const name = escapeUTF8(login);
    return `<button name="login" value="${name}">${name}</button>`;
  });
  const form = `<form method="post" action="/login">
${hidden({ return_to: query.get("return_to") ?? undefined })}
${buttons.join("\n")}
</form>`;
  return page(200, "Sign in to GitHub", form);
}

/** Signs the chosen person in, and leads back. */
export function signIn(
  form: Readonly<Record<string, string>>,
  state: State,
  signIns: SignIns,
): Answer {
  const { login = "", return_to = "/" } = form;
  const account = findAccount(state, login);
  if (account?.type !== "User")
    return page(422, "Sign in to GitHub", "<p>Nobody is called that.</p>");
  // Only to a page of GitHub's own.
  const location = /^\/(?![/\\])/.test(return_to) ? return_to : "/";
  const id = signIns.begin(account.login);
  return redirect(location, { "set-cookie": `${COOKIE}=${id}; Path=/; HttpOnly; SameSite=Lax` });
}

/** To the page where one signs in, and back to what was asked for. */
export function toSignIn({ path, query }: Ask): Answer {
  const back = new URLSearchParams(query);
  back.delete("prompt");
  const to = new URLSearchParams({ return_to: `${path}?${back.toString()}` });
  for (const name of ["client_id", "login"]) {
    const value = back.get(name);
    if (value !== null) to.set(name, value);
  }
  return redirect(`/login?${to.toString()}`);
}
