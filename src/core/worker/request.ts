import { z } from "zod";
import { isHostRule } from "../isolation/hosts.ts";
import { CHECKOUT_PARTS } from "../policy/hosting-terms.ts";
import { MACHINE_LABEL } from "../policy/self-hosting.ts";
import { isCommitId } from "../workspace/names.ts";

const whole = z.number().int().positive();

/** What a worker is asked to run, as it's kept in the database. Nothing of it is secret, and none of it is trusted. */
export const hostedRequestSchema = z.object({
  taskId: z.string().regex(/^[0-9a-f-]{4,36}$/u),
  sessionId: z.uuid(),
  owner: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,99}$/iu),
  repository: z.string().regex(/^(?!\.{1,2}$)[\w.-]{1,100}$/u),
  model: z.string().exactOptional(),
  reasoningEffort: z.string().exactOptional(),
  sessionLimits: z.object({ maxAiCredits: z.number().exactOptional() }).exactOptional(),
  ids: z.object({ owner: whole, repository: whole }),
  commit: z.string().refine(isCommitId),
  branch: z.object({ kind: z.string(), number: whole, id: z.string() }),
  terms: z.object({
    labels: z.array(z.string().regex(MACHINE_LABEL)),
    egress: z.array(z.string().refine(isHostRule)),
    sharing: z.enum(["always", "on-demand", "never"]),
    push: z.enum(["pull-request", "branch", "never"]),
    // A session that was asked for before there was this has none.
    checkout: z.array(z.enum(CHECKOUT_PARTS)).default([]),
  }),
});
