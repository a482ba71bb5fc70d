import { z } from "zod";

/** A file in Git LFS, as its pointer names it. */
export interface LfsPointer {
  /** The SHA-256 of its content. */
  readonly oid: string;
  /** Bytes. */
  readonly size: number;
}

/** How every pointer begins (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md). */
export const LFS_VERSION = "version https://git-lfs.github.com/spec/v1";

/** Bytes that a pointer has, without extensions, of which GitHub has none. */
export const POINTER_BYTES = { least: 126, most: 141 };

const POINTER = new RegExp(
  `^${LFS_VERSION.replaceAll(".", "\\.")}\noid sha256:(?<oid>[0-9a-f]{64})\nsize (?<size>\\d{1,16})\n$`,
  "u",
);

/** Reads a file that may be a pointer; null for one that isn't. */
export function readPointer(text: string): LfsPointer | null {
  const { oid, size } = POINTER.exec(text)?.groups ?? {};
  if (oid === undefined || !Number.isSafeInteger(Number(size))) return null;
  return { oid, size: Number(size) };
}

/** Pointers of Git LFS, by the ids of the files that they are. */
export type Pointers = ReadonlyMap<string, LfsPointer>;

const CONTENT = /^(?<id>[0-9a-f]{40,64}) blob \d+\n(?<text>version .*\n.*\n.*\n)$/gmu;

/** Reads what Git prints: a line about each object, and its content, which is too short to have another pointer in it. */
export function readPointers(contents: string): Pointers {
  const found = new Map<string, LfsPointer>();
  for (const { groups } of contents.matchAll(CONTENT)) {
    const pointer = readPointer(groups?.["text"] ?? "");
    if (pointer !== null) found.set(groups?.["id"] ?? "", pointer);
  }
  return found;
}

/** The most objects that one request asks for. */
export const MAX_BATCH = 100;

/** Asks where objects can be downloaded. */
export function batchRequest(objects: readonly LfsPointer[]): string {
  const asked = objects.map(({ oid, size }) => ({ oid, size }));
  return JSON.stringify({
    operation: "download",
    transfers: ["basic"],
    hash_algo: "sha256",
    objects: asked,
  });
}

const batchSchema = z.object({
  transfer: z.literal("basic").optional(),
  objects: z.array(
    z.object({
      oid: z.string(),
      actions: z
        .object({
          download: z
            .object({ href: z.string(), header: z.record(z.string(), z.string()).nullish() })
            .optional(),
        })
        .nullish(),
      error: z.object({ code: z.number(), message: z.string().optional() }).nullish(),
    }),
  ),
});

/** Where an object can be downloaded, or why it can't. */
export type LfsAnswer =
  | { readonly type: "download"; readonly href: string; readonly headers: Record<string, string> }
  /** It was never uploaded, or has been removed. */
  | { readonly type: "missing" }
  | { readonly type: "refused"; readonly why: string };

/** Codes with which GitHub says that there's no such object. */
const MISSING = new Set([404, 410, 422]);

/** Headers that an answer may have sent with a download. Others would change what's asked, and of whom. */
const HEADER = /^(?:authorization|accept|x-[a-z0-9-]{1,60})$/iu;

/** What an answer says of an object that was asked for; null for an answer that can't be read. */
export function readBatch(body: string): ReadonlyMap<string, LfsAnswer> | null {
  const read = batchSchema.safeParse(jsonOf(body)).data;
  if (read === undefined) return null;
  return new Map(
    read.objects.map(({ oid, actions, error }): [string, LfsAnswer] => {
      if (error) {
        const isMissing = MISSING.has(error.code);
        const why = `${error.code} ${error.message ?? ""}`.trim();
        return [oid, isMissing ? { type: "missing" } : { type: "refused", why }];
      }
      const download = actions?.download;
      // No action for an object means that the server doesn't have it for download.
      if (download === undefined) return [oid, { type: "missing" }];
      const sent = Object.entries(download.header ?? {}).filter(([name]) => HEADER.test(name));
      return [oid, { type: "download", href: download.href, headers: Object.fromEntries(sent) }];
    }),
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Where objects of a repository are asked for. */
export function batchUrl(repositoryUrl: string): URL {
  return new URL(`${repositoryUrl}/info/lfs/objects/batch`);
}

/**
 * The address of a download; null for one that isn't followed. Not encrypted only where GitHub itself isn't.
 *
 * @param batch where it was named
 */
export function downloadUrl(href: string, batch: URL): URL | null {
  const url = URL.parse(href);
  if (url === null || url.username !== "" || url.password !== "") return null;
  return url.protocol === "https:" || url.protocol === batch.protocol ? url : null;
}

const IN_CLOUD = /(?:^|\.)(?:github|ghe)\.com$/u;

/**
 * Whether a download is GitHub's own, which may be in a private network: where objects are asked for, or, of a GitHub
 * Enterprise Server with subdomain isolation, its subdomain for them.
 */
export function isOfGitHub({ origin, protocol, host }: URL, batch: URL): boolean {
  if (origin === batch.origin) return true;
  if (IN_CLOUD.test(batch.hostname)) return false;
  return protocol === batch.protocol && host === `media.${batch.host}`;
}
