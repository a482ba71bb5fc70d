import type { Context } from "hono";
import { Hono } from "hono";
import { storeConnection } from "./connecting.ts";
import type { Session } from "./cookies.ts";
import type { SentForm } from "./forms.ts";
import { readForm } from "./forms.ts";
import type { PageParts } from "./options.ts";
import type { TokenProblem } from "./pages/account.ts";
import { accountPage, visitorPage } from "./pages/account.ts";
import { notStoredPage, staleFormPage } from "./pages/problems.ts";
import { examinePasted } from "./pasted-token.ts";

/** What a person sees of their connection, and can change. */
export function accountRoutes(parts: PageParts): Hono {
  const { connections, cookies, random, log } = parts;
  const tokenPage = `${parts.hosts.accountPages}/settings/personal-access-tokens/new`;

  async function show(
    c: Context,
    { person, formToken }: Session,
    tokenProblem?: TokenProblem,
  ): Promise<Response> {
    // Without a referrer, browsers don't say that a form comes from one of the bot's own pages.
    c.header("Referrer-Policy", "same-origin");
    if (person === null) return c.html(visitorPage(formToken));
    const connection = await connections.find(person.id);
    const view = { person, connection, formToken, tokenPage, tokenProblem };
    return c.html(accountPage(view), tokenProblem === undefined ? 200 : 422);
  }

  function newVisitor(c: Context): Session {
    const session = { person: null, formToken: random(), continuedTask: null };
    cookies.writeSession(c, session);
    return session;
  }

  return new Hono()
    .get("/connect", (c) => show(c, cookies.readSession(c) ?? newVisitor(c)))
    .post("/connect/token", async (c) => {
      const form = await personalForm(c, parts);
      if (form === null) return c.html(staleFormPage(), 403);
      const examined = await examinePasted(parts, form.field("token").trim(), form.person);
      if (examined.type === "problem") {
        log.info({ userId: form.person.id }, "pasted token not stored");
        return show(c, form.session, examined);
      }
      const isStored = await storeConnection(parts, examined.fit);
      return isStored ? c.redirect("/connect", 303) : c.html(notStoredPage(), 503);
    })
    .post("/connect/disconnect", async (c) => {
      const form = await personalForm(c, parts);
      if (form === null) return c.html(staleFormPage(), 403);
      await connections.disconnect(form.person.id);
      log.info({ userId: form.person.id }, "disconnected");
      return c.redirect("/connect", 303);
    })
    .post("/connect/sign-out", async (c) => {
      if ((await personalForm(c, parts)) === null) return c.html(staleFormPage(), 403);
      cookies.deleteSession(c);
      return c.redirect("/connect", 303);
    });
}

/** A form of somebody who's signed in. */
async function personalForm(c: Context, { cookies }: PageParts) {
  const form: SentForm | null = await readForm(c, cookies);
  const person = form?.session.person ?? null;
  return form === null || person === null ? null : { ...form, person };
}
