import { createHash } from "node:crypto";
import { Hono } from "hono";
import { etag } from "hono/etag";
import { LRUCache } from "lru-cache";
import type { QrCodes } from "../ports/qr-codes.ts";
import { qrPng, qrSvg } from "./qr-image.ts";
import { isSameSecret } from "./secrets.ts";
import { TASK_ID } from "./task-routes.ts";

interface Format {
  readonly type: string;
  readonly draw: (text: string) => Uint8Array | string;
}

const FORMATS: Readonly<Record<string, Format>> = {
  png: { type: "image/png", draw: qrPng },
  svg: { type: "image/svg+xml", draw: qrSvg },
};

interface QrImage {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly etag: string;
}

const FILE = /^(?<name>[\w-]{1,64})\.(?<ending>png|svg)$/u;

/** The most images that are kept, of some kilobytes at most. */
const MAX_IMAGES = 500;

/** For so many seconds, others may show an image without asking. As long, it can be seen when its task is gone. */
const MAX_AGE = 3_600;

/**
 * The QR codes of sessions, for whoever has their addresses: GitHub's proxy doesn't sign in. Whatever else begins with
 * `/qr/` is no page, for one reason or another.
 */
export function qrRoutes({ qrCodes }: { readonly qrCodes: QrCodes }): Hono {
  const images = new LRUCache<string, QrImage>({ max: MAX_IMAGES });

  function imageOf(ending: string, { draw }: Format, url: string): QrImage {
    const key = `${ending} ${url}`;
    const known = images.get(key);
    if (known !== undefined) return known;
    const body = Uint8Array.from(Buffer.from(draw(url)));
    const digest = createHash("sha256").update(body).digest("base64url");
    const image = { body, etag: `"${digest}"` };
    images.set(key, image);
    return image;
  }

  return new Hono().get("/qr/:task/:file", etag(), async (c, next) => {
    const { task, file } = c.req.param();
    const { name = "", ending = "" } = FILE.exec(file)?.groups ?? {};
    const format = FORMATS[ending];
    if (format === undefined || !TASK_ID.test(task)) return next();
    const code = await qrCodes.find(task);
    if (code === null || !isSameSecret(code.path, `/qr/${task}/${name}`)) return next();
    const image = imageOf(ending, format, code.url);
    return c.body(image.body, 200, {
      "Content-Type": format.type,
      "Content-Length": String(image.body.length),
      "Cache-Control": `public, max-age=${MAX_AGE}`,
      ETag: image.etag,
      // A GitHub without a proxy for images has browsers fetch them.
      "Cross-Origin-Resource-Policy": "cross-origin",
    });
  });
}
