import { createHash } from "node:crypto";
import { uuidOf } from "../core/task/uuid.ts";

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u;

/**
 * The id of the task that a delivery asks for, a UUID: the delivery's own, so that one delivery is one task
 * in any number of attempts. GitHub's count the time (version 1, RFC 9562), so that what comes at one time is
 * kept together. An id of another form is hashed into a UUID of version 8.
 */
export function taskIdOf(deliveryId: string): string {
  const own = deliveryId.toLowerCase();
  if (UUID.test(own)) return own;
  return uuidOf(createHash("sha256").update(deliveryId).digest("hex"));
}
