import { existsSync } from "node:fs";
import type { Browser } from "playwright-core";
import { chromium } from "playwright-core";

/** Where Debian installs it. */
const PROGRAM = "/usr/bin/chromium";

/** Whether Debian's Chromium is installed. */
export const hasChromium = existsSync(PROGRAM);

/** Starts Chromium without a window; it loads nothing that no page asks for. */
export function launchChromium(): Promise<Browser> {
  // Its sandbox doesn't work for root.
  const isRoot = process.getuid?.() === 0;
  const args = ["--disable-quic", "--disable-background-networking", "--disable-component-update"];
  return chromium.launch({
    executablePath: PROGRAM,
    args: [...args, ...(isRoot ? ["--no-sandbox"] : [])],
  });
}
