import type { Bitmap2D } from "lean-qr";
import { correction, generate } from "lean-qr";
import { toPngBuffer } from "lean-qr/extras/node_export";
import { toSvgSource } from "lean-qr/extras/svg";

/** White modules on each side: scanners need them, and a dark page has none to offer (ISO/IEC 18004). */
const QUIET_ZONE = 4;

/** About the width of an image, in pixels: what a phone reads from a screen at arm's length. */
const WIDTH = 256;

/** The fewest pixels of a module. */
const MIN_SCALE = 4;

/** A QR code as a PNG image, black on white, with its quiet zone. */
export function qrPng(text: string): Uint8Array {
  const code = codeOf(text);
  return toPngBuffer(code, {
    on: [0, 0, 0],
    off: [255, 255, 255],
    pad: QUIET_ZONE,
    scale: scaleOf(code),
  });
}

/** The same as SVG, for a file or to be put into a page. Nothing of the text is in it but the code. */
export function qrSvg(text: string): string {
  const code = codeOf(text);
  return toSvgSource(code, {
    on: "#000000",
    off: "#ffffff",
    pad: QUIET_ZONE,
    scale: scaleOf(code),
  });
}

/** With 15 % of it unreadable, e.g. by a reflection, a code can still be read; with more, where that takes no more room. */
function codeOf(text: string): Bitmap2D {
  return generate(text, { minCorrectionLevel: correction.M });
}

/** Whole pixels: a module that's blurred is harder to read. */
function scaleOf({ size }: Bitmap2D): number {
  return Math.max(MIN_SCALE, Math.floor(WIDTH / (size + 2 * QUIET_ZONE)));
}
