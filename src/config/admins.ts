import { z } from "zod";

/** Longer than GitHub's, whose logins also differ between its kinds of hosts. */
const LOGIN = /^[\w-]{1,100}$/u;

/** The logins in `ADMINS`, in lower case: GitHub's are the same in any. */
export const admins = z.string().transform((value, context): readonly string[] => {
  const logins = value
    .toLowerCase()
    .split(/[\s,]+/u)
    .filter((one) => one !== "");
  if (logins.every((login) => LOGIN.test(login))) return logins;
  const message =
    "must be logins of people on GitHub, without @, separated by commas, like octocat,hubot";
  context.addIssue({ code: "custom", message });
  return z.NEVER;
});
