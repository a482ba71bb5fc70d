import { readFileSync, statSync } from "node:fs";
import { PROVIDED_TOKENS } from "../core/policy/identity-choice.ts";
import { databaseUrlProblem } from "./database-url.ts";
import { isSet, withTodaysNames } from "./renamed.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** What may be in a file instead, whose path is in the variable of this name with `_FILE`. */
export const SECRET_VARIABLES = [
  "PRIVATE_KEY",
  "WEBHOOK_SECRET",
  ...PROVIDED_TOKENS,
  "GITHUB_CLIENT_SECRET",
  "OAUTH_APP_CLIENT_SECRET",
  "ENCRYPTION_KEYS",
  "DATABASE_URL",
  "DATABASE_PASSWORD",
  "HTTPS_PROXY",
  "HTTP_PROXY",
  "OTEL_EXPORTER_OTLP_HEADERS",
  "OTEL_EXPORTER_OTLP_TRACES_HEADERS",
] as const;

/** No secret is longer: whatever is was named by mistake. */
const MOST_BYTES = 65_536;

/** The variables with everything that stands elsewhere. */
export interface GatheredVariables {
  readonly variables: Variables;
  /** Why some of it couldn't be had: sentences that name the variable, without any value. */
  readonly problems: readonly string[];
}

/**
 * The variables by today's names, with the secrets from their files, and with the database's password in its URL.
 * Programs read settings from these alone, and never from the environment itself.
 */
export function gatherVariables(given: Variables): GatheredVariables {
  const variables = { ...withTodaysNames(withoutMark(given)) };
  const problems: string[] = [];
  for (const name of SECRET_VARIABLES) {
    const path = variables[fileVariable(name)];
    if (!isSet(path)) continue;
    const read = isSet(variables[name])
      ? { type: "problem" as const, problem: `and ${name} are both set. Remove one of them` }
      : readSecret(path?.trim() ?? "");
    if (read.type === "secret") variables[name] = read.secret;
    else problems.push(`${fileVariable(name)} ${read.problem}`);
  }
  return withPassword({ variables, problems });
}

/** Editors of Windows begin a file with a mark, which Node takes for a part of the first name in `.env`. */
function withoutMark(given: Variables): Variables {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name.replace(/^\uFEFF/u, ""), value]),
  );
}

/** The variable that has the path of a secret's file. */
export function fileVariable(name: (typeof SECRET_VARIABLES)[number]): string {
  return `${name}_FILE`;
}

type SecretRead =
  | { readonly type: "secret"; readonly secret: string }
  | { readonly type: "problem"; readonly problem: string };

/** The path isn't shown: it may be the secret itself, put in the wrong variable. */
function readSecret(path: string): SecretRead {
  try {
    if (statSync(path).size > MOST_BYTES) return problem("names a file that is too large");
    const text = readFileSync(path, "utf8")
      .replace(/^\uFEFF/u, "")
      .replaceAll("\r\n", "\n")
      .trim();
    return text === "" ? problem("names an empty file") : { type: "secret", secret: text };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    return problem(`can't be read: ${READING[code] ?? code}`);
  }
}

function problem(sentence: string): SecretRead {
  return { type: "problem", problem: sentence };
}

const READING: Readonly<Record<string, string>> = {
  ENOENT: "file not found",
  ENOTDIR: "file not found",
  ENAMETOOLONG: "that's no path of a file",
  EACCES: "permission denied",
  EISDIR: "it's a directory",
};

/** In a URL a password needs escapes, which orchestrators can't write: it may be given by itself. */
function withPassword({ variables, problems }: GatheredVariables): GatheredVariables {
  const password = variables["DATABASE_PASSWORD"] ?? "";
  const address = variables["DATABASE_URL"]?.trim() ?? "";
  if (!isSet(password)) return { variables, problems };
  if (address === "") {
    const missing = problems.some((one) => one.startsWith("DATABASE_URL_FILE "));
    const sentence = "DATABASE_PASSWORD is set, but DATABASE_URL is not. Set both, or neither";
    return { variables, problems: missing ? problems : [...problems, sentence] };
  }
  // Whoever reads the URL says what's wrong with it.
  if (databaseUrlProblem(address) !== null) return { variables, problems };
  const url = new URL(address);
  if (url.password !== "" || url.searchParams.has("password")) {
    const sentence =
      "DATABASE_PASSWORD is set, but DATABASE_URL has a password. Remove one of them";
    return { variables, problems: [...problems, sentence] };
  }
  // A URL of a socket has no host, and so no place for a password before it.
  if (url.hostname === "") url.searchParams.set("password", password);
  else url.password = encodeURIComponent(password);
  return { variables: { ...variables, DATABASE_URL: url.href }, problems };
}
