import { z } from "zod";
import type { Person } from "../core/identity/connection.ts";

/** Longer than GitHub's, whose logins also differ between its kinds of hosts. */
const LOGIN = /^[\w-]{1,100}$/u;
/** No login has a colon. */
const ID = /^id:[1-9]\d{0,15}$/u;

/** Logins in `ADMINS`, in lower case, as GitHub's are the same in any, and ids, like `id:583231`. */
export const admins = z.string().transform((value, context): readonly string[] => {
  const people = value
    .toLowerCase()
    .split(/[\s,]+/u)
    .filter((one) => one !== "");
  if (people.every((one) => LOGIN.test(one) || ID.test(one))) return people;
  const message =
    "must be people on GitHub, separated by commas: logins without @, or ids, like octocat,id:583231";
  context.addIssue({ code: "custom", message });
  return z.NEVER;
});

/** Whether `ADMINS` names somebody, by login or id. */
export function isNamedIn(people: readonly string[], { id, login }: Person): boolean {
  return people.includes(login.toLowerCase()) || people.includes(`id:${id}`);
}
