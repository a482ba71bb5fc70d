import type { Context } from "hono";
import type { Cookies, Session } from "./cookies.ts";
import { isSameSecret } from "./secrets.ts";

/** A form of the bot's own, sent by the browser that got it. */
export interface SentForm {
  readonly session: Session;
  /** A field's text; empty when it's missing. */
  field(name: string): string;
}

/** Reads a form; null for one that the bot didn't give to this browser within the hour. */
export async function readForm(c: Context, cookies: Cookies): Promise<SentForm | null> {
  const session = cookies.readSession(c);
  // Reading any other kind of form can fail.
  const isForm = c.req.header("content-type")?.startsWith("application/x-www-form-urlencoded");
  if (session === null || isForm !== true) return null;
  const fields = await c.req.parseBody();
  const field = (name: string): string => {
    const value = fields[name];
    return typeof value === "string" ? value : "";
  };
  return isSameSecret(field("form_token"), session.formToken) ? { session, field } : null;
}
