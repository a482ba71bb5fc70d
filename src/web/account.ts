import type { Context } from "hono";
import { Hono } from "hono";
import { storeConnection } from "./connecting.ts";
import { readPersonalForm } from "./forms.ts";
import type { PageParts } from "./options.ts";
import { allowForms } from "./page-viewer.ts";
import type { TokenProblem } from "./pages/account.ts";
import { accountPage, visitorPage } from "./pages/account.ts";
import { notStoredPage, staleFormPage } from "./pages/problems.ts";
import { examinePasted } from "./pasted-token.ts";
import type { Visit } from "./visits.ts";

/** What a person sees of their connection, and can change. */
export function accountRoutes(parts: PageParts): Hono {
  const { adminRights, connections, visits, log } = parts;
  const tokenPage = `${parts.hosts.accountPages}/settings/personal-access-tokens/new`;

  async function show(
    c: Context,
    { session, formToken }: Visit,
    tokenProblem?: TokenProblem,
  ): Promise<Response> {
    allowForms(c);
    if (session === null) return c.html(visitorPage(formToken));
    const { person } = session;
    const [isAdmin, connection] = await Promise.all([
      adminRights.showsLink(session),
      connections.find(person.id),
    ]);
    const viewer = { login: person.login, formToken, isAdmin };
    const view = { viewer, connection, tokenPage, tokenProblem };
    return c.html(accountPage(view), tokenProblem === undefined ? 200 : 422);
  }

  return new Hono()
    .get("/connect", async (c) => show(c, (await visits.read(c)) ?? visits.begin(c)))
    .post("/connect/token", async (c) => {
      const form = await readPersonalForm(c, visits);
      if (form === null) return c.html(staleFormPage(c.req.path), 403);
      const examined = await examinePasted(parts, form.field("token").trim(), form.person);
      if (examined.type === "problem") {
        log.info({ userId: form.person.id }, "pasted token not stored");
        return show(c, form.visit, examined);
      }
      const isStored = await storeConnection(parts, examined.fit);
      return isStored ? c.redirect("/connect", 303) : c.html(notStoredPage(), 503);
    })
    .post("/connect/disconnect", async (c) => {
      const form = await readPersonalForm(c, visits);
      if (form === null) return c.html(staleFormPage(c.req.path), 403);
      const { person } = form;
      await connections.disconnect(person.id);
      log.info({ userId: person.id }, "disconnected");
      // That ended all of their sessions. This browser is the one that asked for it.
      await visits.signIn(c, { person, continuedTask: null, viewerToken: null });
      return c.redirect("/connect", 303);
    });
}
