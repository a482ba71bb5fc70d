import { z } from "zod";
import type { Refusal } from "../core/session/refusal.ts";
import { messageOf } from "../core/error/thrown.ts";

const word = z.string().optional().catch(undefined);
const shape = z.object({
  code: z.union([z.number(), z.string()]).optional().catch(undefined),
  reason: word,
  data: z.object({ reason: word }).optional().catch(undefined),
});

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
