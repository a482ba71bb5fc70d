import { commitNamed } from "../routes/files.ts";
import type { Blob, Commit, Files, RepositoryRecord } from "../state/records.ts";
import { directorySha } from "../state/git.ts";
import type { Pagination } from "./connection.ts";
import { connection } from "./connection.ts";
import type { Source } from "./source.ts";

/** GitHub gives that many bytes of a blob, and that there are more. */
const TEXT_LIMIT = 512_000;

/** A branch; a name may be qualified. There are no tags here. */
export function ref({ branches }: RepositoryRecord, qualified: string): Source | null {
  const name = qualified.replace(/^refs\/heads\//, "");
  const target = branches.get(name);
  return target === undefined ? null : { name, target: commit(target) };
}

/** The object that an expression of git's names: `REVISION`, or `REVISION:PATH`; null when there is none. */
export function object(repository: RepositoryRecord, expression: string): Source | null {
  const [revision = "", ...rest] = expression.split(":");
  const found = commitNamed(repository, revision === "" ? "HEAD" : revision);
  if (found === undefined) return null;
  if (rest.length === 0) return commit(found);
  const path = rest.join(":");
  const file = found.files.get(path);
  if (file !== undefined) return blob(file);
  const oid = directorySha(found.files, path);
  return oid === undefined ? null : { __typename: "Tree", oid };
}

function commit({ sha, files }: Commit): Source {
  return {
    __typename: "Commit",
    oid: sha,
    submodules: (asked: Pagination) => submodules(files, asked),
  };
}

const SUBMODULE = /^\s*\[submodule "(?<name>[^"]*)"\](?<settings>[^[]*)/gmu;

/** Those of `.gitmodules`, with the commits that are at their paths. */
function submodules(files: Files, asked: Pagination): Source {
  const text = files.get(".gitmodules")?.bytes.toString() ?? "";
  const all = [...text.matchAll(SUBMODULE)].map(({ groups = {} }): Source => {
    const settings = groups["settings"] ?? "";
    const [path = "", gitUrl = ""] = ["path", "url"].map(
      (key) => new RegExp(`^\\s*${key} *= *(.*?)\\s*$`, "mu").exec(settings)?.[1],
    );
    const file = files.get(path);
    const subprojectCommitOid = file?.mode === "160000" ? file.sha : null;
    return {
      __typename: "Submodule",
      name: groups["name"] ?? "",
      path,
      gitUrl,
      subprojectCommitOid,
    };
  });
  return connection("submodules", all, asked, (one) => one);
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
