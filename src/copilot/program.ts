import { existsSync, readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { z } from "zod";
import sdk from "../../node_modules/@github/copilot-sdk/package.json" with { type: "json" };

/** The package.json of a package as `from`, a file's URL, finds it; null when it isn't installed. */
export function findPackage(name: string, from: URL): URL | null {
  try {
    const path = findPackageJSON(name, from);
    return path === undefined ? null : pathToFileURL(path);
  } catch {
    return null;
  }
}

const versioned = z.object({ version: z.string() });

/** The version in a package.json; null when there's none. */
export function versionIn(file: URL | null): string | null {
  return file === null ? null : versioned.parse(JSON.parse(readFileSync(file, "utf8"))).version;
}

/** The version of the SDK: of the one in the bundle, where there's no other. */
export const SDK_VERSION = sdk.version;

/**
 * The runtime's program in an installed `@github/copilot`, whatever name it was installed by: a script for Node up to
 * 1.0.80, an executable file from 1.0.81 on. Null when the package, or its part for this system, isn't installed.
 *
 * @param from the URL of a file that finds the package
 */
export function findProgram(name: string, from: URL): string | null {
  const own = findPackage(name, from);
  if (own === null) return null;
  const systems = process.platform === "linux" ? ["linux", "linuxmusl"] : [process.platform];
  for (const system of systems) {
    const part = findPackage(`@github/copilot-${system}-${process.arch}`, own);
    if (part === null) continue;
    const folder = fileURLToPath(new URL(".", part));
    const program = ["index.js", "copilot", "copilot.exe"]
      .map((file) => join(folder, file))
      .find((path) => existsSync(path));
    if (program !== undefined) return program;
  }
  return null;
}

/**
 * The program that `COPILOT_RUNTIME` names; undefined: the one that the SDK finds by itself.
 *
 * @param choice `bundled`, `sdk`, or the path of a program
 */
export function chosenProgram(choice: string): string | undefined {
  if (choice === "sdk") return undefined;
  if (choice !== "bundled") return choice;
  return findProgram("@github/copilot", new URL(import.meta.url)) ?? undefined;
}
