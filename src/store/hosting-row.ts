import type { Selectable } from "kysely";
import { failureSchema } from "../core/worker/results.ts";
import { hostedRequestSchema } from "../core/worker/request.ts";
import type { HostedRow } from "../ports/hosting-rows.ts";
import type { HostedRequest } from "../ports/session-host.ts";
import type { Schema } from "./schema.ts";

/** A session's row as it's read; null where it doesn't have the form that it should have. */
export function hostedRowOf(row: Selectable<Schema["hostedSessions"]>): HostedRow | null {
  const { request, failure, updatedAt: _, version: _version, ...rest } = row;
  const read = hostedRequestSchema.safeParse(JSON.parse(request)).data;
  if (read?.sessionId !== row.id) return null;
  return {
    ...rest,
    request: read,
    failure: failureSchema.nullable().parse(JSON.parse(failure ?? "null")),
  };
}

/** What becomes of the row of a session that nobody wants anymore: its worker needs no names to remove it. */
export function removalOf({ taskId, sessionId }: HostedRequest) {
  const request: HostedRequest = {
    taskId,
    sessionId,
    owner: REMOVED,
    repository: REMOVED,
    ids: { owner: 1, repository: 1 },
    commit: "0".repeat(40),
    branch: { kind: REMOVED, number: 1, id: REMOVED },
    terms: { labels: [], egress: [], sharing: "never", push: "never", checkout: [] },
  };
  return { state: "removing", request: JSON.stringify(request), failure: null } as const;
}

/** In place of all names. */
const REMOVED = "removed";
