import { z } from "zod";
import type { Failure } from "../task/failure.ts";
import { FAILURE_CODES } from "../task/failure.ts";
import { PUSH_STOPS } from "../workspace/push-check.ts";

/** What comes of the calls to a worker. Whoever reads it doesn't trust its form. */

const text = z.string();

/** As the types have it; a cause that isn't known says nothing to anybody. */
export const failureSchema = z.object({
  code: z.enum(FAILURE_CODES),
  cause: z
    .custom<NonNullable<Failure["cause"]>>((cause) => typeof cause === "string")
    .exactOptional(),
  message: text,
  status: z.number().exactOptional(),
  reason: text.exactOptional(),
  passesAt: text.exactOptional(),
  sessionId: text.exactOptional(),
  retryAfterSeconds: z.number().exactOptional(),
  nothingCreated: z.boolean(),
}) satisfies z.ZodType<Failure>;

export const shareSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("shared"), url: text.nullable() }),
  z.object({ type: z.literal("refused"), failure: failureSchema }),
]);

/** What a session is to whoever connects to it. */
export const openedSchema = z.object({
  repository: text.nullable(),
  branch: text.nullable(),
  settings: z.array(
    z.object({ name: z.enum(["model", "reasoning_effort"]), value: text, isTaken: z.boolean() }),
  ),
  canResume: z.boolean(),
  machine: text,
  isIsolated: z.boolean(),
  shared: shareSchema.nullable(),
  hasPrompt: z.boolean(),
});

export const openingSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("started"), session: openedSchema }),
  z.object({ type: z.literal("failed"), failure: failureSchema }),
  z.object({ type: z.literal("withdrawn") }),
  /** The worker hasn't taken it, or hands it back: another one may. */
  z.object({ type: z.literal("released") }),
]);

export const attachmentSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("session"), session: openedSchema }),
  z.object({ type: z.literal("away") }),
  z.object({ type: z.literal("ended"), failure: failureSchema }),
  z.object({ type: z.literal("gone") }),
]);

export const arrivalSchema = z.union([
  z.enum(["delivered", "unwatched", "unwanted"]),
  failureSchema,
]);
export const deliverySchema = z.union([
  z.enum(["delivered", "unconfirmed", "unwatched"]),
  failureSchema,
]);
export const abortSchema = z.enum(["aborted", "unconfirmed", "unreachable"]);
export const answeredSchema = z.enum(["answered", "not_waiting", "unreachable"]);
export const linkSchema = text.nullable();
export const usageSchema = z
  .object({
    requests: z.number(),
    inputTokens: z.number(),
    outputTokens: z.number(),
    linesAdded: z.number(),
    linesRemoved: z.number(),
  })
  .nullable();

export const pushSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("pushed"), commit: text.regex(/^[0-9a-f]{40,64}$/u) }),
  z.object({ type: z.literal("stopped"), reason: z.enum(PUSH_STOPS) }),
]);
