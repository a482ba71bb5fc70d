import type { Selectable } from "kysely";
import { failureSchema } from "../core/worker/results.ts";
import { hostedRequestSchema } from "../core/worker/request.ts";
import type { HostedRow } from "../ports/hosting-rows.ts";
import type { Schema } from "./schema.ts";

/** A session's row as it's read; null where it doesn't have the form that it should have. */
export function hostedRowOf(row: Selectable<Schema["hostedSessions"]>): HostedRow | null {
  const { request, failure, updatedAt: _, ...rest } = row;
  const read = hostedRequestSchema.safeParse(JSON.parse(request)).data;
  if (read?.sessionId !== row.id) return null;
  return {
    ...rest,
    request: read,
    failure: failureSchema.nullable().parse(JSON.parse(failure ?? "null")),
  };
}
