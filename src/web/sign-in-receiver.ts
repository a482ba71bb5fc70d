import type { Context } from "hono";
import type { Grant } from "../ports/authorization.ts";
import type { Flow } from "./cookies.ts";
import type { PageParts } from "./options.ts";
import { notSignedInPage, unreachablePage } from "./pages/problems.ts";

/** What becomes of the App's user token that GitHub granted to somebody who signs in: their session's, or ended at once. */
export function createSignInReceiver({ signIn, visits, log }: PageParts) {
  return async (c: Context, { tokens, expiresAt }: Grant, flow: Flow): Promise<Response> => {
    const { token } = tokens;
    const identified = await signIn.identify(token);
    if (identified.type === "person") {
      const { person } = identified;
      const signedIn = { person, continuedTask: null, viewerToken: { token, expiresAt } };
      await visits.signIn(c, signedIn).catch(async (error: unknown) => {
        await signIn.revoke(token, "app");
        throw error;
      });
      log.info({ userId: person.id }, "signed in");
      return c.redirect(flow.returnTo, 303);
    }
    await signIn.revoke(token, "app");
    if (identified.type === "unfit") return c.html(notSignedInPage(identified), 403);
    log.warn({ reason: identified.message }, "token not identified");
    return c.html(unreachablePage(), 503);
  };
}
