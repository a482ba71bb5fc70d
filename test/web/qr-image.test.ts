import * as fc from "fast-check";
import { expect, test } from "vitest";
import { qrPng, qrSvg } from "../../src/web/qr-image.ts";
import { SESSION_ID } from "../core/task.ts";
import { scan } from "./scanner.ts";

/** Links as `trustedLink` lets them through: one line of ASCII, of up to 300 characters. */
const anyLink = fc
  .stringMatching(/^[\w!$%&'*+,./:;=?@~#-]{0,281}$/u)
  .map((rest) => `https://github.com/${rest}`);

test("a scanner reads any link, whatever it has in it", async () => {
  await fc.assert(
    fc.asyncProperty(anyLink, async (link) => {
      expect(await scan(qrPng(link))).toEqual([link]);
    }),
    { numRuns: 30 },
  );
});

/** Width and height, in pixels. */
function sizeOf(png: Uint8Array): readonly number[] {
  const bytes = Buffer.from(png);
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
}

test.each([
  ["a session's link", `https://github.com/copilot/tasks/${SESSION_ID}`, 45, 5],
  ["a short one", "https://github.com/a", 33, 7],
  ["the longest", `https://github.com/${"aB-".repeat(93)}ab`, 77, 4],
])("each module of %s is a square of whole pixels", (_what, link, modules, pixels) => {
  const side = modules * pixels;
  expect(sizeOf(qrPng(link))).toEqual([side, side]);
  expect(qrSvg(link)).toContain(`width="${side}" height="${side}"`);
});

test("the quiet zone of four modules is white, and part of the image", () => {
  const svg = qrSvg("https://github.com/a");
  expect(svg).toContain('viewBox="-4 -4 33 33"');
  expect(svg).toContain('<rect x="-4" y="-4" width="33" height="33" fill="#ffffff">');
});
