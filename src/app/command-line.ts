import manifest from "../../package.json" with { type: "json" };
import { plainLine } from "../core/text/quote.ts";

/** The command line can't be used as it is; as in sysexits.h. */
const EX_USAGE = 64;

const HELP = `Usage: NAME [options]

Starts the bot. Settings come from the environment; see .env.example. Logs JSON lines. SIGTERM and SIGINT stop it,
within 30 seconds.

Options:
  -V, --version  print the version
  -h, --help     print this help
`;

/**
 * Answers the arguments of a program without any, and ends the process.
 *
 * @param args at least one
 * @param name as people call it
 */
export function answerCommandLine([first = ""]: readonly string[], name: string): never {
  if (first === "--help" || first === "-h") return end(HELP.replace("NAME", name));
  if (first === "--version" || first === "-V") return end(`${manifest.version}\n`);
  const problem = first.startsWith("-")
    ? `unknown option '${plainLine(first, 200)}'`
    : "too many arguments: none are expected";
  process.stderr.write(`${name}: ${problem}\n`);
  return process.exit(EX_USAGE);
}

function end(text: string): never {
  process.stdout.write(text);
  return process.exit(0);
}
