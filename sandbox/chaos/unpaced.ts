import { fileURLToPath } from "node:url";
import { build } from "rolldown";
import config from "../../rolldown.config.ts";

const DIRECTORY = new URL("../../node_modules/.cache/unpaced-bot/", import.meta.url);

/** The bot with short waits (unpaced-bot.ts), once it is bundled. */
export const UNPACED_BOT = fileURLToPath(new URL("unpaced-bot.mjs", DIRECTORY));

/** Bundles it: it then starts in a quarter of the processor time that its sources take. */
export async function bundleUnpacedBot(): Promise<void> {
  const input = fileURLToPath(new URL("unpaced-bot.ts", import.meta.url));
  const output = {
    dir: fileURLToPath(DIRECTORY),
    format: "esm",
    cleanDir: true,
    // By these names Node knows what they are, and needn't look for imports in them at each start.
    entryFileNames: "[name].mjs",
    chunkFileNames: "[name]-[hash].mjs",
  } as const;
  await build({ ...config, input, output, logLevel: "warn" });
}
