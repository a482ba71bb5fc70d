import { commitNamed } from "../routes/files.ts";
import type { Blob, RepositoryRecord } from "../state/records.ts";
import { directorySha } from "../state/git.ts";
import type { Source } from "./source.ts";

/** GitHub gives that many bytes of a blob, and that there are more. */
const TEXT_LIMIT = 512_000;

/** A branch; a name may be qualified. There are no tags here. */
export function ref({ branches }: RepositoryRecord, qualified: string): Source | null {
  const name = qualified.replace(/^refs\/heads\//, "");
  const target = branches.get(name);
  return target === undefined ? null : { name, target: commit(target.sha) };
}

/** The object that an expression of git's names: `REVISION`, or `REVISION:PATH`; null when there is none. */
export function object(repository: RepositoryRecord, expression: string): Source | null {
  const [revision = "", ...rest] = expression.split(":");
  const found = commitNamed(repository, revision === "" ? "HEAD" : revision);
  if (found === undefined) return null;
  if (rest.length === 0) return commit(found.sha);
  const path = rest.join(":");
  const file = found.files.get(path);
  if (file !== undefined) return blob(file);
  const oid = directorySha(found.files, path);
  return oid === undefined ? null : { __typename: "Tree", oid };
}

function commit(sha: string): Source {
  return { __typename: "Commit", oid: sha };
}

function blob({ sha, bytes }: Blob): Source {
  const isBinary = bytes.includes(0);
  const isTruncated = bytes.length > TEXT_LIMIT;
  const shown = isTruncated ? bytes.subarray(0, TEXT_LIMIT) : bytes;
  return {
    __typename: "Blob",
    oid: sha,
    byteSize: bytes.length,
    isBinary,
    isTruncated,
    text: isBinary ? null : shown.toString(),
  };
}
