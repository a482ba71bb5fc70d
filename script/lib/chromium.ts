import { existsSync } from "node:fs";
import type { Browser } from "playwright-core";
import { chromium } from "playwright-core";

/** Where Debian installs it. The one that can't have a window draws the same with half as much of a processor. */
const PROGRAMS = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];

const program = PROGRAMS.find((path) => existsSync(path));

/** Whether Debian's Chromium is installed, with or without windows. */
export const hasChromium = program !== undefined;

/** Starts Chromium without a window; it loads nothing that no page asks for. */
export function launchChromium(): Promise<Browser> {
  if (program === undefined) throw new Error("Chromium isn't installed.");
  // Its sandbox doesn't work for root.
  const isRoot = process.getuid?.() === 0;
  const args = ["--disable-quic", "--disable-background-networking", "--disable-component-update"];
  return chromium.launch({
    executablePath: program,
    args: [...args, ...(isRoot ? ["--no-sandbox"] : [])],
  });
}
