import { z } from "zod";
import type { Observation } from "../session/observation.ts";
import type { Asking } from "../task/asking.ts";

/** What a worker reports of a session. Whoever reads it doesn't trust its form. */

const withheld = z.enum(["too_long", "credential"]);
const text = z.string();

const permission = z.object({
  type: z.literal("permission"),
  kind: text,
  intention: text.nullable(),
  command: text.nullable(),
  path: text.nullable(),
  url: text.nullable(),
  tool: text.nullable(),
  branch: text.nullable(),
  repository: text.exactOptional(),
  readOnly: z.boolean().nullable(),
  managedApprovalRequired: z.boolean(),
  leavesSandbox: z.boolean(),
  details: z.array(z.object({ name: text, text })).readonly(),
  withheld: withheld.nullable(),
});

const question = z.object({
  type: z.literal("question"),
  question: text,
  choices: z.array(text).readonly(),
  freeform: z.boolean(),
  withheld: withheld.exactOptional(),
});

const plan = z.object({
  type: z.literal("plan"),
  summary: text,
  plan: text.exactOptional(),
  actions: z.array(text).readonly(),
  withheld: withheld.exactOptional(),
});

const asking = z.discriminatedUnion("type", [
  permission,
  question,
  plan,
]) satisfies z.ZodType<Asking>;

const common = { id: text, at: z.iso.datetime() };

/** Something that was seen to happen. */
export const observationSchema = z.discriminatedUnion("type", [
  z.object({ ...common, type: z.literal("working") }),
  z.object({ ...common, type: z.literal("said"), text }),
  z.object({ ...common, type: z.literal("idle") }),
  z.object({ ...common, type: z.literal("completed"), summary: text.nullable() }),
  z.object({ ...common, type: z.literal("failed"), message: text }),
  z.object({ ...common, type: z.literal("aborted") }),
  z.object({ ...common, type: z.literal("ended"), reason: text }),
  z.object({ ...common, type: z.literal("asked"), requestId: text, asking }),
  z.object({ ...common, type: z.literal("answered"), requestId: text }),
  z.object({ ...common, type: z.literal("pull_request"), url: text }),
  z.object({ ...common, type: z.literal("link"), url: text }),
]) satisfies z.ZodType<Observation>;
