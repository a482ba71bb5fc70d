import { z } from "zod";
import { isCommitId } from "../workspace/names.ts";
import { isSubmodulePath } from "../workspace/submodules.ts";
import { hostedRequestSchema } from "./request.ts";
import { observationSchema } from "./seen.ts";

/** What the bot and its workers send each other, and the forms in which it's read. */

/**
 * The version of these forms, of what's sealed, and of results. Raise it with each change that the other side would read
 * wrongly in an earlier version: the bot and its workers then have nothing to do with each other.
 */
export const LETTERS_VERSION = 1;

/** To a worker, about one session. What's sealed can be read by that worker alone. */
export const callSchema = z.discriminatedUnion("type", [
  /** Begins with a session that the worker has claimed, or connects to it. */
  z.object({ type: z.literal("open"), sealed: z.string() }),
  /** Connects to a session that was opened before. */
  z.object({ type: z.literal("attach"), sealed: z.string() }),
  /** Nobody wants what's being opened anymore. */
  z.object({ type: z.literal("withdraw") }),
  z.object({ type: z.literal("remove") }),
  /** The session goes on, and nobody follows it for now. */
  z.object({ type: z.literal("disconnect") }),
  z.object({ type: z.literal("detach") }),
  z.object({ type: z.literal("deliver"), prompt: z.string() }),
  z.object({ type: z.literal("link"), withinMs: z.number() }),
  z.object({ type: z.literal("say"), text: z.string() }),
  z.object({ type: z.literal("abort") }),
  z.object({
    type: z.literal("answer"),
    requestId: z.string(),
    answer: z.object({ approved: z.boolean(), text: z.string().exactOptional() }),
  }),
  z.object({ type: z.literal("share") }),
  z.object({ type: z.literal("unshare") }),
  z.object({ type: z.literal("usage") }),
  z.object({ type: z.literal("push"), sealed: z.string() }),
  /** Whether the prompt is still to be sent: what a worker asked with `wanted`. */
  z.object({ type: z.literal("wanted"), question: z.string(), isWanted: z.boolean() }),
]);

export type Call = z.output<typeof callSchema>;

/** A call with where it comes from and belongs. */
export const callLetterSchema = z.object({
  sessionId: z.string(),
  /** The number of the caller's connection to the session: of two, the higher one has it. */
  fence: z.number(),
  /** Names the call in its result. */
  id: z.string(),
  /** Where the result goes. */
  from: z.string(),
  call: callSchema,
});

export type CallLetter = z.output<typeof callLetterSchema>;

/** To whoever is connected to a session. */
export const noticeSchema = z.discriminatedUnion("type", [
  /** Its row has changed: a worker has claimed it, or handed it back. */
  z.object({ type: z.literal("changed") }),
  /** A machine begins with it. */
  z.object({ type: z.literal("taken"), machine: z.string() }),
  z.object({ type: z.literal("result"), id: z.string(), result: z.unknown() }),
  /** The call failed for a reason that's no part of its results. */
  z.object({ type: z.literal("rejected"), id: z.string(), message: z.string() }),
  /** Somebody else has the session now. */
  z.object({ type: z.literal("fenced") }),
  z.object({
    type: z.literal("observed"),
    /** From 0, without a gap in one connection. */
    position: z.number(),
    observation: observationSchema,
    /** Of a request: whether it can be answered. */
    canAnswer: z.boolean(),
  }),
  z.object({ type: z.literal("displaced") }),
  z.object({ type: z.literal("lost"), reason: z.enum(["token", "gone"]) }),
  /** Whether the prompt of this call is still to be sent. */
  z.object({ type: z.literal("wanted"), id: z.string(), question: z.string() }),
]);

export type Notice = z.output<typeof noticeSchema>;

export const noticeLetterSchema = z.object({
  sessionId: z.string(),
  fence: z.number(),
  notice: noticeSchema,
});

export type NoticeLetter = z.output<typeof noticeLetterSchema>;

const submoduleSchema = hostedRequestSchema.pick({ owner: true, repository: true }).extend({
  path: z.string().refine(isSubmodulePath),
  repositoryId: z.number().int().positive(),
  commit: z.string().refine(isCommitId),
  token: z.string(),
});

/** What a call brings in its sealed part. */
export const tokensSchema = z.object({
  copilot: z.object({
    token: z.string(),
    userId: z.number().nullable().exactOptional(),
    usableUntil: z.string().nullable().exactOptional(),
  }),
  repository: z.string().nullable(),
  submodules: z.array(submoduleSchema),
});
export const pushTokenSchema = z.object({ token: z.string() });
