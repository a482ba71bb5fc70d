import type { Json } from "../shapes.ts";
import type { Blob, Commit, RepositoryRecord } from "../state/records.ts";
import { commitsSince, treeSha } from "../state/git.ts";
import { signatureOf } from "../state/objects.ts";
import { fullName } from "../state/state.ts";
import { accountOf } from "./accounts.ts";
import { nodeId, urlsOf } from "./urls.ts";

/** A commit: `commit`. */
function commitOf(host: string, repository: RepositoryRecord, commit: Commit): Json {
  const { sha, message, date, files, parents } = commit;
  const { web, repository: urlOf } = urlsOf(host);
  const api = urlOf(repository);
  const url = (of: Commit) => `${api}/commits/${of.sha}`;
  const page = (of: Commit) => `${web}/${fullName(repository)}/commit/${of.sha}`;
  const by = { ...signatureOf(commit), date };
  const tree = { sha: treeSha(files), url: `${api}/git/trees/${treeSha(files)}` };
  const account = commit.author === null ? null : accountOf(host, commit.author);
  return {
    sha,
    node_id: nodeId("Commit", sha),
    commit: {
      author: by,
      committer: by,
      message,
      tree,
      url: `${api}/git/commits/${sha}`,
      comment_count: 0,
    },
    url: url(commit),
    html_url: page(commit),
    comments_url: `${url(commit)}/comments`,
    author: account,
    committer: account,
    parents: parents.map((it) => ({ sha: it.sha, url: url(it), html_url: page(it) })),
  };
}

/** A branch: `branch-with-protection`. */
export function branchOf(
  host: string,
  repository: RepositoryRecord,
  name: string,
  commit: Commit,
): Json {
  const self = `${urlsOf(host).repository(repository)}/branches/${encodeURIComponent(name)}`;
  const html = `${urlsOf(host).web}/${fullName(repository)}/tree/${name}`;
  return {
    name,
    commit: commitOf(host, repository, commit),
    _links: { self, html },
    protected: false,
    protection: { enabled: false },
    protection_url: `${self}/protection`,
  };
}

/** Two commits compared, without the files: `commit-comparison`. */
export function comparisonOf(
  host: string,
  repository: RepositoryRecord,
  { base, head, ancestor }: Readonly<Record<"base" | "head" | "ancestor", Commit>>,
): Json {
  const self = `compare/${base.sha}...${head.sha}`;
  const url = `${urlsOf(host).repository(repository)}/${self}`;
  const html = `${urlsOf(host).web}/${fullName(repository)}/${self}`;
  const [ahead, behind] = [commitsSince(base, head), commitsSince(head, base)];
  return {
    url,
    html_url: html,
    permalink_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    base_commit: commitOf(host, repository, base),
    merge_base_commit: commitOf(host, repository, ancestor),
    status: ahead > 0 ? (behind > 0 ? "diverged" : "ahead") : behind > 0 ? "behind" : "identical",
    ahead_by: ahead,
    behind_by: behind,
    total_commits: ahead,
    commits: [],
  };
}

/** A branch as git names it: `git-ref`. */
export function refOf(
  host: string,
  repository: RepositoryRecord,
  branch: string,
  { sha }: Commit,
): Json {
  const ref = `refs/heads/${branch}`;
  const url = urlsOf(host).repository(repository);
  const object = { type: "commit", sha, url: `${url}/git/commits/${sha}` };
  return { ref, node_id: nodeId("Ref", ref), url: `${url}/git/${ref}`, object };
}

/** A file: `content-file`. */
export function contentOf(
  host: string,
  repository: RepositoryRecord,
  { path, ref, blob }: { readonly path: string; readonly ref: string; readonly blob: Blob },
): Json {
  const { web, repository: urlOf } = urlsOf(host);
  const url = `${urlOf(repository)}/contents/${path}?ref=${ref}`;
  const git_url = `${urlOf(repository)}/git/blobs/${blob.sha}`;
  const html_url = `${web}/${fullName(repository)}/blob/${ref}/${path}`;
  return {
    type: "file",
    size: blob.bytes.length,
    name: path.split("/").at(-1),
    path,
    sha: blob.sha,
    url,
    git_url,
    html_url,
    download_url: `${web}/${fullName(repository)}/raw/${ref}/${path}`,
    _links: { self: url, git: git_url, html: html_url },
    content: blob.bytes.toString("base64"),
    encoding: "base64",
  };
}
