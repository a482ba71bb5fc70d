import type { Context } from "hono";
import type { Person } from "../core/identity/connection.ts";
import { isSameSecret } from "./secrets.ts";
import type { Visit, Visits } from "./visits.ts";

/** A form of the bot's own, sent by the browser that got it. */
export interface SentForm {
  readonly visit: Visit;
  /** A field's text; empty when it's missing. */
  field(name: string): string;
}

/** A form of somebody who's signed in. */
export interface PersonalForm extends SentForm {
  readonly person: Person;
}

/** Reads a form; null for one that the bot didn't give to this browser. */
export async function readForm(c: Context, visits: Visits): Promise<SentForm | null> {
  const visit = await visits.read(c);
  // Reading any other kind of form can fail.
  const isForm = c.req.header("content-type")?.startsWith("application/x-www-form-urlencoded");
  if (visit === null || isForm !== true) return null;
  const fields = await c.req.parseBody();
  const field = (name: string): string => {
    const value = fields[name];
    return typeof value === "string" ? value : "";
  };
  return isSameSecret(field("form_token"), visit.formToken) ? { visit, field } : null;
}

/** Reads a form; null for one of a visitor, too. */
export async function readPersonalForm(c: Context, visits: Visits): Promise<PersonalForm | null> {
  const form = await readForm(c, visits);
  const person = form?.visit.session?.person;
  return form === null || person === undefined ? null : { ...form, person };
}
