import { z } from "zod";
import type { Refusal } from "../core/session/refusal.ts";
import type { Failure } from "../core/task/failure.ts";
import { failureOf } from "../core/session/refusal.ts";
import { messageOf } from "../core/error/thrown.ts";
import { RUNTIME_SIGNS } from "./refusal-signs.ts";

const word = z.string().optional().catch(undefined);
const shape = z.object({
  code: z.union([z.number(), z.string()]).optional().catch(undefined),
  reason: word,
  data: z.object({ reason: word }).optional().catch(undefined),
});

/** What an error of the SDK means. */
export function failureOfError(error: unknown): Failure {
  return failureOf(refusalOf(error), RUNTIME_SIGNS);
}

/** The parts of an error of the SDK that may say why it refused: fields, and the text. */
export function refusalOf(error: unknown): Refusal {
  const fields = shape.safeParse(error).data;
  return {
    message: messageOf(error),
    code: fields?.code,
    reason: fields?.reason,
    dataReason: fields?.data?.reason,
  };
}
