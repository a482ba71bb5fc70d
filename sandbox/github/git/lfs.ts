import { createHash, randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { json as readJson } from "node:stream/consumers";
import type { Parts } from "../parts.ts";
import { decode } from "../routes/table.ts";
import type { Answer } from "../shapes.ts";
import type { RepositoryRecord } from "../state/records.ts";
import { findRepository } from "../state/state.ts";
import { actorOf, refusalOfGit } from "./access.ts";
import type { GitRequest } from "./front.ts";

/** The objects of Git LFS, as clients have uploaded them. */
export interface LfsStore {
  /** Adds one; gives its pointer. */
  add(repository: RepositoryRecord, content: Buffer): string;
  /** What a repository has; undefined for what it hasn't. */
  find(repository: RepositoryRecord, oid: string): Buffer | undefined;
  /** What GitHub has clients send with downloads. */
  readonly authorization: string;
}

export function createLfsStore(): LfsStore {
  const objects = new Map<string, Buffer>();
  return {
    add(repository, content) {
      const oid = createHash("sha256").update(content).digest("hex");
      objects.set(`${repository.id}/${oid}`, content);
      return `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${content.length}\n`;
    },
    find: (repository, oid) => objects.get(`${repository.id}/${oid}`),
    authorization: `RemoteAuth ${randomUUID()}`,
  };
}

interface LfsParts {
  readonly lfs: LfsStore;
  readonly parts: Parts;
  readonly by: string;
}

const BATCH = /^\/(?<owner>[^/]+)\/(?<repo>[^/]+?)\.git\/info\/lfs\/objects\/batch$/u;
const OBJECT = /^\/storage\/lfs\/(?<owner>[^/]+)\/(?<repo>[^/]+)\/(?<oid>[0-9a-f]{64})$/u;

/** Reads a request; undefined for one that isn't Git LFS'. */
export function readLfs(
  message: IncomingMessage,
  { lfs, parts, by }: LfsParts,
): GitRequest | undefined {
  const { pathname, search: query } = new URL(message.url ?? "/", "http://localhost");
  const { groups: found } = BATCH.exec(pathname) ?? OBJECT.exec(pathname) ?? {};
  if (found === undefined) return undefined;
  const { owner = "", repo = "", oid } = found;
  const place = { owner: decode(owner), repo: decode(repo) };
  const repository = findRepository(parts.state, place);
  const { authorization } = message.headers;
  const perform = async () => {
    if (oid === undefined) return batch(message, repository, { lfs, parts });
    if (authorization !== lfs.authorization) return refused(403, "Forbidden");
    const content = repository && lfs.find(repository, oid);
    if (content === undefined) return refused(404, "Not Found");
    return { status: 200, headers: { "content-type": "application/octet-stream" }, body: content };
  };
  return { path: pathname, query, by, perform };
}

interface Asked {
  readonly operation?: unknown;
  readonly objects?: readonly { readonly oid: string; readonly size: number }[];
}

async function batch(
  message: IncomingMessage,
  repository: RepositoryRecord | undefined,
  { lfs, parts }: Omit<LfsParts, "by">,
): Promise<Answer> {
  const actor = actorOf(message.headers.authorization, parts);
  const refusal = refusalOfGit({ service: "git-upload-pack", repository }, actor, parts);
  if (refusal !== undefined) return refused(refusal.status, "Bad credentials or no access");
  if (repository === undefined) throw new Error("Who sees nothing gets nothing");
  const { operation, objects = [] }: Asked = Object(await readJson(message));
  if (operation !== "download") return refused(422, "Only downloads");
  const { owner, name } = repository;
  const answers = objects.map(({ oid, size }) => {
    const found = lfs.find(repository, oid);
    if (found?.length !== size) {
      return { oid, size, error: { code: 404, message: "Object does not exist on the server" } };
    }
    const href = `http://${parts.host}/storage/lfs/${owner.login}/${name}/${oid}`;
    const header = { Authorization: lfs.authorization };
    return { oid, size, actions: { download: { href, header, expires_in: 3600 } } };
  });
  return answered(200, { transfer: "basic", objects: answers });
}

function refused(status: number, message: string): Answer {
  return answered(status, { message });
}

function answered(status: number, body: object): Answer {
  return {
    status,
    headers: { "content-type": "application/vnd.git-lfs+json" },
    body: Buffer.from(JSON.stringify(body)),
  };
}
