import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";

const { buffer: wasmBinary } = Uint8Array.from(
  readFileSync(fileURLToPath(import.meta.resolve("zxing-wasm/reader/zxing_reader.wasm"))),
);
// Otherwise, it asks the net for it.
prepareZXingModule({ overrides: { wasmBinary } });

/** What a scanner reads in a picture (PNG or JPEG), code by code. */
export async function scan(picture: Uint8Array): Promise<string[]> {
  const found = await readBarcodes(Uint8Array.from(picture), { formats: ["QRCode"] });
  return found.map(({ text }) => text);
}
