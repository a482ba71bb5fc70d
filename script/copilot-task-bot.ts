#!/usr/bin/env node
import { accessSync, constants, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import leven from "leven";
import { z } from "zod";
import { checked, program } from "./lib/program.ts";

interface Part {
  readonly what: string;
  /** Runs it, with `process.argv` as if it had been started by itself. */
  readonly run: () => Promise<unknown>;
  /** Whether it reads the bot's settings, and with them `.env`. */
  readonly hasSettings: boolean;
}

function part(what: string, run: () => Promise<unknown>, hasSettings = true): Part {
  return { what, run, hasSettings };
}

const parts = new Map(
  Object.entries({
    server: part("start the bot", () => import("../src/main.ts")),
    worker: part("run sessions on this machine for the bot", () => import("./worker.ts")),
    register: part("register a GitHub App", () => import("./register.ts"), false),
    doctor: part("check everything that the bot needs", () => import("./doctor.ts")),
    lint: part("check policy files; needs no settings", () => import("./lint.ts"), false),
    audit: part("print who asked the bot for what", () => import("./audit.ts")),
    backup: part("copy the tasks of a bot on SQLite", () => import("./backup.ts")),
    "rotate-keys": part("encrypt people's tokens with a new key", () => import("./rotate-keys.ts")),
    "erase-person": part("erase a person from the database", () => import("./erase-person.ts")),
    "check-runtime": part("check a Copilot runtime", () => import("./check-runtime.ts"), false),
    compile: part("compile the bundle for quicker starts", () => import("./compile.ts"), false),
  }),
);
/** Two letters in the wrong order are two. */
const MAX_TYPOS = 2;
const partNamed = z.string().transform((name, context) => {
  const found = parts.get(name);
  if (found !== undefined) return { name, ...found };
  const [nearest = ""] = [...parts.keys()].toSorted((a, b) => leven(name, a) - leven(name, b));
  const isNear = leven(name, nearest) <= MAX_TYPOS;
  const hint = isNear ? `Did you mean ${nearest}?` : "--help lists the commands.";
  context.addIssue(`unknown command '${name}'. ${hint}`);
  return z.NEVER;
});
const list = [...parts].map(([command, { what }]) => `  ${command.padEnd(13)}  ${what}`);

const [{ name, run, hasSettings }, args] = program(
  "copilot-task-bot",
  "Runs the bot, or one of its programs. In the current directory, .env has the settings, unless the environment has them.",
)
  .argument("<command>", "one of those below", checked(partNamed))
  .argument("[arguments...]", "the command's own; --help explains them")
  .enablePositionalOptions()
  .passThroughOptions()
  .addHelpText("after", `\nCommands:\n${list.join("\n")}`)
  .parse().processedArgs;
process.env["CALLED_AS"] ??= `copilot-task-bot ${name}`;
const hasFile = hasSettings && statSync(".env", { throwIfNoEntry: false })?.isFile() === true;

/** Node would say of a file that it can't read that it isn't there. */
function requireSettings(): void {
  try {
    if (hasFile) accessSync(".env", constants.R_OK);
  } catch {
    console.error(
      "This user can't read .env. Run this as the user who owns it, or give it to this user with chown.",
    );
    process.exit(EX_CONFIG);
  }
}

/** As in sysexits.h. */
const EX_CONFIG = 78;

/** The options of Node under which the bot runs: docs/operations.md. */
const SERVER = ["--max-semi-space-size=4", "--no-concurrent-recompilation"];

/** Becomes Node with the options that this program needs, and with `.env`. */
function becomeNode(): void {
  const options = [
    "--disable-warning=ExperimentalWarning",
    ...(name === "server" ? SERVER : []),
    ...(hasFile ? ["--env-file=.env"] : []),
  ];
  const own = fileURLToPath(import.meta.url);
  const env = { MALLOC_ARENA_MAX: "2", ...process.env };
  process.execve?.(process.execPath, [process.execPath, ...options, own, name, ...args], env);
}

// Whoever started Node with options has chosen them.
if (process.execArgv.length === 0) {
  requireSettings();
  // Windows can't replace a process.
  if (process.platform !== "win32") becomeNode();
  if (hasFile) process.loadEnvFile(".env");
}
process.argv.splice(1, 2, name);
await run();
