import { z } from "zod";

/** Seconds since 1970 in some of GitHub's fields, text in most. */
const time = z
  .union([z.string().transform((text) => Date.parse(text)), z.int().transform((s) => s * 1_000)])
  .catch(Number.NaN);

const dated = z
  .object({
    created_at: time,
    updated_at: time,
    submitted_at: time,
    pushed_at: time,
  })
  .partial()
  .catch({});

const payloads = z
  .object({
    issue: dated,
    pull_request: dated,
    comment: dated,
    review: dated,
    repository: dated,
  })
  .partial()
  .catch({});

/**
 * The newest time that a webhook names, in milliseconds since the epoch: it was sent then or later. All of them are
 * signed, unlike `X-GitHub-Delivery`, which names a time too but is a header. Null when it names none.
 */
export function newestTimeIn(payload: unknown): number | null {
  const parts = Object.values(payloads.parse(payload));
  const times = parts.flatMap((part) =>
    Object.values(part ?? {}).flatMap((at) => (at === undefined || Number.isNaN(at) ? [] : [at])),
  );
  return times.length === 0 ? null : Math.max(...times);
}
