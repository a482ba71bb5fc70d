import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import type { z } from "zod";
import manifest from "../../package.json" with { type: "json" };
import { messageOf } from "../../src/core/error/thrown.ts";
import { plainLine } from "../../src/core/text/quote.ts";

/** The command line can't be used as it is; as in sysexits.h. */
const EX_USAGE = 64;

const MAX_MESSAGE = 500;

/**
 * The command line of a program: `--help` and `--version`, and every option and argument that it doesn't declare is
 * refused with one line and exit code 64. Add options and arguments, then call `parse()`.
 *
 * @param own as people call it, e.g. `script/audit`, unless the variable `CALLED_AS` has another name
 */
export function program(own: string, description: string) {
  const name = process.env["CALLED_AS"] ?? own;
  const command = new Command(name);
  return command
    .description(description)
    .version(manifest.version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      outputError: (text, write) =>
        write(`${name}: ${plainLine(inOwnWords(text, command), MAX_MESSAGE)}\n`),
    })
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : EX_USAGE));
}

/** An argument is named as `--help` has it, with what it's for where it's missing, and its value isn't repeated. */
function inOwnWords(
  text: string,
  command: Pick<CommandUnknownOpts, "registeredArguments">,
): string {
  const message = text.replace(/^error: /u, "").trimEnd();
  const missing = MISSING_ARGUMENT.exec(message)?.[1];
  const wanted = command.registeredArguments.find((one) => one.name() === missing);
  if (wanted !== undefined)
    return `${wanted.name().toUpperCase()} is missing: ${wanted.description}. See --help.`;
  if (message.endsWith("argument missing")) return `${message}. See --help.`;
  const { argument = "", why = "" } = WRONG_ARGUMENT.exec(message)?.groups ?? {};
  if (argument === "") return message;
  return why.replace(/^Use /u, `${argument.toUpperCase()} must be `);
}

const MISSING_ARGUMENT = /^missing required argument '([^']+)'/u;

/** As commander has it. */
const WRONG_ARGUMENT =
  /^command-argument value '.*' is invalid for argument '(?<argument>[\w-]+)'\. (?<why>.+)$/su;

/** Reads an option or an argument with a schema, whose message says what to write instead. */
export function checked<Output>(schema: z.ZodType<Output, string>): (value: string) => Output {
  return (value) => {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    throw new InvalidArgumentError(result.error.issues[0]?.message ?? "");
  };
}

/** Prints one line about what failed, for the program to end with 1 when nothing else is left to do. */
export function fail(what: string, error: unknown): void {
  console.error(`${what}: ${messageOf(error)}`);
  process.exitCode = 1;
}
