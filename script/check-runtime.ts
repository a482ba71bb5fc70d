import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { CopilotClient } from "@github/copilot-sdk";
import pTimeout from "p-timeout";
import { z } from "zod";
import { createClient } from "../src/copilot/client.ts";
import { DIALECTS } from "../src/copilot/dialect.ts";
import type { Family } from "../src/copilot/family.ts";
import { probeFamily } from "../src/copilot/family.ts";
import { chosenProgram, findProgram, SDK_VERSION } from "../src/copilot/program.ts";
import { checked, fail, program } from "./lib/program.ts";

const runtime = z
  .string()
  .refine(
    (value) => /^\d+\.\d+\.\d+[\w.-]*$/u.test(value) || isAbsolute(value) || value === "sdk",
    "Use a version like 1.0.102, the absolute path of a copilot program, or sdk.",
  )
  .refine((value) => !isAbsolute(value) || existsSync(value), "There's no such file.");

const [wanted] = program(
  "script/check-runtime",
  "Reports whether a Copilot runtime can create cloud sessions, and what it can't do. Creates none.",
)
  .argument(
    "[runtime]",
    "a version of @github/copilot to download for this check, like 1.0.102; the path of an installed copilot program; sdk for the SDK's own; without it, the bundled version",
    checked(runtime),
  )
  .addHelpText(
    "after",
    "\nExit codes: 0 cloud sessions work, 1 they don't, 64 wrong option or argument.",
  )
  .parse().processedArgs;

/** It may have to unpack itself first. */
const ANSWER_MS = 60_000;

const directory = mkdtempSync(join(tmpdir(), "check-runtime-"));
try {
  const client = createClient({
    directory,
    // Newer runtimes unpack themselves into the home directory.
    variables: { PATH: process.env["PATH"], HOME: process.env["HOME"] },
    program: programOf(wanted ?? "bundled"),
  });
  try {
    const message = `no answer within ${ANSWER_MS / 1_000} seconds`;
    await pTimeout(check(client), { milliseconds: ANSWER_MS, message });
  } finally {
    await client.forceStop();
  }
} catch (error) {
  fail(`${wanted ?? "The bundled version"} isn't a Copilot runtime that works here`, error);
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function check(client: CopilotClient): Promise<void> {
  await client.start();
  const { version } = await client.getStatus();
  const family = await probeFamily(client);
  const name = `Copilot runtime ${version} with SDK ${SDK_VERSION}`;
  console.log([`${name}: cloud sessions ${said(family)}`, ...missingIn(family)].join("\n"));
  process.exitCode = family === null ? 1 : 0;
}

function said(family: Family | null): string {
  return family === null ? "do NOT work" : `work (${family} family)`;
}

/** What to know before it's chosen. */
function missingIn(family: Family | null): readonly string[] {
  if (family === null) return ["Use the bundled one: COPILOT_RUNTIME=bundled."];
  return DIALECTS[family].canAttach
    ? [
        "- One process serves all users.",
        "- After a restart, questions and plans from before it can only be answered in Mission Control.",
      ]
    : [
        "- Each user has a process of their own, with about 250 MB.",
        "- After a restart, or once the bot has disconnected from a session, it can't reach the session again.",
      ];
}

function programOf(choice: string): string | undefined {
  return /^\d/u.test(choice) ? download(choice) : chosenProgram(choice);
}

/** Installs a version beside the project's own, for this check alone. */
function download(version: string): string {
  console.log(`Downloading @github/copilot ${version} …`);
  const install = [
    "install",
    "--prefix",
    directory,
    "--ignore-scripts",
    `@github/copilot@${version}`,
  ];
  execFileSync("npm", [...install, "--no-audit", "--no-fund", "--loglevel=error"], {
    stdio: "inherit",
  });
  const found = findProgram("@github/copilot", pathToFileURL(join(directory, "package.json")));
  if (found === null) throw new Error(`@github/copilot@${version} has no runtime for this system`);
  return found;
}
