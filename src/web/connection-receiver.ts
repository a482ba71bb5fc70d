import type { Context } from "hono";
import type { Person } from "../core/identity/connection.ts";
import type { Grant } from "../ports/authorization.ts";
import type { FitToken } from "./connecting.ts";
import { storeConnection } from "./connecting.ts";
import type { Flow } from "./cookies.ts";
import type { PageParts } from "./options.ts";
import { notStoredPage, unfitPage, unreachablePage } from "./pages/problems.ts";
import { findTask } from "./task-routes.ts";

/** What becomes of a token that GitHub granted to somebody who connects their Copilot: it's stored, or ended at once. */
export function createConnectionReceiver(parts: PageParts) {
  const { authorization, visits, waiting, log } = parts;
  const { kind } = authorization;

  /** The token isn't the pages': a refresh ends it. */
  function signIn(c: Context, person: Person, continuedTask: string | null): Promise<void> {
    return visits.signIn(c, { person, continuedTask, viewerToken: null });
  }

  async function accept(c: Context, fit: FitToken, taskId: string | null): Promise<Response> {
    const { person } = fit.examined;
    const task = await findTask(waiting, taskId);
    // Logins change hands. Whoever opened somebody else's link didn't ask to be connected.
    if (task !== null && task.requesterId !== person.id) {
      await authorization.revoke(fit.tokens.token, kind);
      await signIn(c, person, null);
      return c.redirect(`/connect/task/${task.id}`, 303);
    }
    if (!(await storeConnection(parts, fit))) {
      await authorization.revoke(fit.tokens.token, kind);
      return c.html(notStoredPage(), 503);
    }
    await signIn(c, person, task?.isWaiting === true ? task.id : null);
    // To an address without the code.
    return c.redirect(task === null ? "/connect" : `/connect/task/${task.id}`, 303);
  }

  return async (c: Context, grant: Grant, { taskId }: Flow): Promise<Response> => {
    const { tokens, expiresAt } = grant;
    const examined = await authorization.examine(tokens.token);
    if (examined.type === "good") return accept(c, { examined, kind, tokens, expiresAt }, taskId);
    await authorization.revoke(tokens.token, kind);
    if (examined.type === "unreachable") {
      log.warn({ reason: examined.message }, "token not examined");
      return c.html(unreachablePage(), 503);
    }
    log.info({ userId: examined.person?.id ?? null }, "account not fit");
    // They can still paste a token that is.
    if (examined.person !== null) await signIn(c, examined.person, null);
    return c.html(unfitPage(examined), 403);
  };
}
