import type { Comment, Issue, Json, Label, Pull, Subject } from "../shapes.ts";
import { connection } from "./connection.ts";
import type { Pagination } from "./connection.ts";
import { ref } from "./git.ts";
import type { Reader, Source } from "./source.ts";
import { actor } from "./source.ts";

/** An issue. */
export function issue(read: Issue, place: Subject, reader: Reader): Source {
  const reason = read["state_reason"];
  return {
    ...conversation(read, place, reader),
    __typename: "Issue",
    state: read.state.toUpperCase(),
    stateReason: typeof reason === "string" ? reason.toUpperCase() : null,
  };
}

/** A pull request. */
export function pullRequest(read: Pull, place: Subject, reader: Reader): Source {
  const { head, base } = read;
  const merged = read["merged"] === true;
  return {
    ...conversation(read, place, reader),
    __typename: "PullRequest",
    state: merged ? "MERGED" : read.state.toUpperCase(),
    merged,
    mergedAt: read["merged_at"],
    isDraft: read["draft"] === true,
    isCrossRepository: head.repo?.full_name !== base.repo?.full_name,
    headRefName: head.ref,
    headRefOid: head.sha,
    baseRefName: base.ref,
    baseRefOid: base.sha,
    baseRef: () => ref(reader, place, `refs/heads/${base.ref}`),
    async files(asked: Pagination) {
      return connection("files", (await reader.state.files(read)).map(file), asked);
    },
  };
}

function conversation(read: Issue | Pull, place: Subject, reader: Reader): Source {
  return {
    id: read["node_id"],
    databaseId: read.id,
    number: read.number,
    title: read.title,
    body: read.body ?? "",
    closed: read.state === "closed",
    closedAt: read["closed_at"],
    createdAt: read["created_at"],
    updatedAt: read.updated_at,
    locked: read["locked"] === true,
    activeLockReason: lockReason(read["active_lock_reason"]),
    authorAssociation: read["author_association"],
    url: read.html_url,
    author: actor(read.user),
    async comments(asked: Pagination) {
      const found = await reader.state.comments(place, "issues");
      return connection(
        "comments",
        found.map((it) => comment(it, reader)),
        asked,
      );
    },
    labels: (asked: Pagination) => connection("labels", read.labels.map(label), asked),
  };
}

/** The reasons of the REST API (`off-topic`), as the GraphQL API writes them (`OFF_TOPIC`). */
function lockReason(reason: unknown): string | null {
  return typeof reason === "string" ? reason.toUpperCase().replaceAll(/\W/g, "_") : null;
}

function comment(read: Comment, { state }: Reader): Source {
  const reason = state.notes.minimized(read.id);
  return {
    id: read["node_id"],
    databaseId: read.id,
    body: read.body,
    url: read.html_url,
    createdAt: read.created_at,
    updatedAt: read.updated_at,
    authorAssociation: read["author_association"],
    author: actor(read.user),
    isMinimized: reason !== undefined,
    minimizedReason: reason ?? null,
  };
}

function label(read: Label): Source {
  const { color, description, default: isDefault } = read;
  return { id: read["node_id"], name: read.name, color, description, isDefault, url: read["url"] };
}

const changeTypes: Readonly<Record<string, string>> = {
  added: "ADDED",
  removed: "DELETED",
  modified: "MODIFIED",
  renamed: "RENAMED",
  copied: "COPIED",
  changed: "CHANGED",
};

function file(read: Json): Source {
  const changeType = changeTypes[String(read["status"])];
  const { filename: path, additions, deletions } = read;
  return { path, additions, deletions, changeType };
}
