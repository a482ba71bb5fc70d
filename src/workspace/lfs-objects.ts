import { createHash, randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { chmod, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import PQueue from "p-queue";
import type { GitAccess } from "../core/workspace/git.ts";
import { authorizationOf } from "../core/workspace/git.ts";
import type { LfsAnswer, LfsPointer } from "../core/workspace/lfs.ts";
import {
  batchRequest,
  batchUrl,
  downloadUrl,
  isOfGitHub,
  MAX_BATCH,
  readBatch,
} from "../core/workspace/lfs.ts";
import { readText, transfer } from "./lfs-transfer.ts";

/** How many downloads there are at once. */
const AT_ONCE = 4;
/** Milliseconds for all objects of a commit, as for Git. */
const TIMEOUT = 600_000;
/** Bytes of an answer about a hundred objects. */
const MAX_ANSWER = 2 ** 20;
const TYPE = "application/vnd.git-lfs+json";
/** In the directory: what isn't whole yet. */
const INCOMING = "incoming";

/** Names of what is there: ids of objects. */
export async function objectsIn(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch(() => []);
  return names.filter((name) => name !== INCOMING);
}

/** Those that aren't there whole: a machine that stops may leave half of one. */
export async function objectsMissing(
  directory: string,
  objects: readonly LfsPointer[],
): Promise<readonly LfsPointer[]> {
  const missing: LfsPointer[] = [];
  for (const one of objects) {
    const found = await stat(join(directory, one.oid)).catch(() => null);
    if (found?.size !== one.size) missing.push(one);
  }
  return missing;
}

/**
 * Downloads objects of Git LFS into a directory that sandboxes can read. Only the address, the token, and the objects
 * count: nothing in the repository says where they come from.
 *
 * @returns those that GitHub doesn't have
 * @throws when one can't be downloaded, or isn't what its pointer says
 */
export async function downloadObjects(
  directory: string,
  access: GitAccess,
  wanted: readonly LfsPointer[],
  ended: AbortSignal,
): Promise<readonly LfsPointer[]> {
  const incoming = join(directory, INCOMING);
  // What one that was killed has left.
  await rm(incoming, { recursive: true, force: true });
  await mkdir(incoming, { recursive: true });
  const failed = new AbortController();
  const signal = AbortSignal.any([AbortSignal.timeout(TIMEOUT), failed.signal, ended]);
  const batch = batchUrl(access.url);
  const missing: LfsPointer[] = [];
  const queue = new PQueue({ concurrency: AT_ONCE });
  try {
    for (let from = 0; from < wanted.length; from += MAX_BATCH) {
      const asked = wanted.slice(from, from + MAX_BATCH);
      const answers = await askFor(batch, access, asked, signal);
      const downloading = asked.map(async (pointer) => {
        const answer = answers.get(pointer.oid) ?? { type: "missing" };
        if (answer.type === "missing") missing.push(pointer);
        else await queue.add(async () => download({ directory, batch, signal }, pointer, answer));
      });
      await Promise.all(downloading);
    }
  } catch (error) {
    failed.abort();
    await queue.onIdle();
    throw error;
  } finally {
    await rm(incoming, { recursive: true, force: true });
  }
  return missing;
}

async function askFor(
  batch: URL,
  { token }: GitAccess,
  asked: readonly LfsPointer[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, LfsAnswer>> {
  const body = batchRequest(asked);
  const response = await transfer(batch, {
    method: "POST",
    headers: {
      accept: TYPE,
      "content-type": TYPE,
      "content-length": Buffer.byteLength(body),
      ...(token === null ? {} : { authorization: authorizationOf(token) }),
    },
    body,
    isGitHub: true,
    signal,
  });
  const text = await readText(response, MAX_ANSWER);
  const answers = response.statusCode === 200 ? readBatch(text) : null;
  if (answers !== null) return answers;
  throw new Error(`Git LFS answered ${response.statusCode}: ${text.trim().slice(0, 200)}`);
}

interface Place {
  readonly directory: string;
  readonly batch: URL;
  readonly signal: AbortSignal;
}

async function download(
  { directory, batch, signal }: Place,
  { oid, size }: LfsPointer,
  answer: Exclude<LfsAnswer, { readonly type: "missing" }>,
): Promise<void> {
  signal.throwIfAborted();
  const what = `The object ${oid} of Git LFS`;
  if (answer.type === "refused") throw new Error(`${what}: ${answer.why.slice(0, 200)}`);
  const url = downloadUrl(answer.href, batch);
  if (url === null) throw new Error(`${what} is at an address that isn't followed`);
  // The token isn't sent: what a download needs is in its address, or in the headers of the answer.
  const { headers } = answer;
  const response = await transfer(url, { headers, isGitHub: isOfGitHub(url, batch), signal });
  if (response.statusCode !== 200) {
    response.destroy();
    throw new Error(`${what}: its download answered ${response.statusCode}`);
  }
  const part = join(directory, INCOMING, randomUUID());
  const { counted, digest } = measured(size, `${what} isn't what its pointer says`);
  await pipeline(response, counted, createWriteStream(part, { mode: 0o600, flush: true }), {
    signal,
  });
  if (digest() !== oid) throw new Error(`${what} isn't what its pointer says`);
  await chmod(part, 0o444);
  await rename(part, join(directory, oid));
}

/** Passes on so many bytes, no more and no fewer, and knows their digest then. */
function measured(size: number, problem: string) {
  const hash = createHash("sha256");
  let bytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      bytes += chunk.length;
      hash.update(chunk);
      callback(bytes > size ? new Error(problem) : null, chunk);
    },
  });
  return { counted, digest: () => (bytes === size ? hash.digest("hex") : "") };
}
