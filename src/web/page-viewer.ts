import type { Context } from "hono";
import type { SignedIn } from "./guards.ts";
import type { PageViewer } from "./pages/site-page.ts";

/** Who looks at a page. */
export type Looking = Pick<SignedIn, "viewer" | "formToken">;

/** Without a referrer, browsers don't say that a form comes from one of the bot's own pages. */
export function allowForms(c: Context): void {
  c.header("Referrer-Policy", "same-origin");
}

/** Who looks at a page, for its top. */
export async function pageViewer({ viewer, formToken }: Looking): Promise<PageViewer> {
  return { login: viewer.person.login, formToken, isAdmin: await viewer.showsAdminLink() };
}
