import { z } from "zod";

/** A whole number from `min` to `max`. */
export function wholeNumber(min: number, max: number) {
  const error = `Use a whole number from ${min} to ${max}.`;
  return z
    .string()
    .regex(/^\d{1,16}$/u, error)
    .transform(Number)
    .pipe(z.int(error).min(min, error).max(max, error));
}

/** A repository's owner and name. */
export const repositoryName = z
  .string()
  .regex(/^[\w-]+\/[\w.-]+$/u, "Use OWNER/NAME, like octo-org/hello.")
  .transform((text) => {
    const [owner = "", repository = ""] = text.split("/");
    return { owner, repository };
  });
