import { z } from "zod";

// Names are checked because they go into request paths, log fields and Markdown. The patterns are no stricter than
// GitHub's: logins of old accounts begin or end with a hyphen, those of managed users have an underscore, those that
// an import has made may have dots, and those of Apps end with `[bot]`.
export const login = z.string().regex(/^(?!\.{1,2}$)[A-Za-z0-9_.-]{1,100}(?:\[bot\])?$/u);
export const repositoryName = z.string().regex(/^[A-Za-z0-9._-]+$/u);
export const id = z.int().positive();
/** A full SHA. */
export const commit = z.string().regex(/^[0-9a-f]{40,64}$/u);

/** Whose settings are a repository's: a person's or an organization's. Null for what GitHub may name one day. */
export const ownerType = z.enum(["User", "Organization"]).nullable().catch(null);

/** The installation through which GitHub sends a webhook; a repository's own webhook names none. */
export const installation = z.object({ id }).nullish();

/** The label that was set or removed; none where it was deleted meanwhile. */
export const changedLabel = z.object({ name: z.string().max(200) }).nullish();

/** A time as GitHub writes it, kept as it is. */
export const timeText = z.string().refine((text) => !Number.isNaN(Date.parse(text)));

/** A time as ISO 8601 in UTC. In some webhooks it comes as seconds since 1970. */
export const time = z.union([z.int(), z.string()]).transform((value, context) => {
  const date = new Date(typeof value === "number" ? value * 1_000 : value);
  if (!Number.isNaN(date.getTime())) return date.toISOString();
  context.addIssue({ code: "custom", message: "no time" });
  return z.NEVER;
});
