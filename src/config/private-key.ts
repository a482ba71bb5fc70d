import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { isAbsolute } from "node:path";

type Variables = Readonly<Record<string, string | undefined>>;
type PrivateKey =
  | { readonly type: "key"; readonly key: string }
  | { readonly type: "problem"; readonly problem: string };

/**
 * A key may come as a file, as text, or as text in one of the ways in which many services want it: on one line with `\n`
 * in it, in the quotation marks that `.env` has, or in base64.
 */
export function readPrivateKey({ PRIVATE_KEY = "", PRIVATE_KEY_PATH = "" }: Variables): PrivateKey {
  const inline = textOfKey(PRIVATE_KEY);
  if (inline === "" && PRIVATE_KEY_PATH === "") {
    return {
      type: "problem",
      problem:
        "PRIVATE_KEY is not set. Set it to the private key of the GitHub App, or PRIVATE_KEY_PATH to the path of the .pem file that you downloaded from GitHub",
    };
  }
  const variable = inline === "" ? "PRIVATE_KEY_PATH" : "PRIVATE_KEY";
  if (inline === "" && PRIVATE_KEY_PATH.includes("PRIVATE KEY")) {
    return {
      type: "problem",
      problem: "PRIVATE_KEY_PATH contains a key instead of a path. Set PRIVATE_KEY to the key",
    };
  }
  try {
    const key = inline === "" ? readFileSync(PRIVATE_KEY_PATH, "utf8").trim() : inline;
    if (isPrivateKey(key)) return { type: "key", key };
    const orPath = inline === "" ? "" : ", or set PRIVATE_KEY_PATH to its path";
    return {
      type: "problem",
      problem: `${variable} isn't a private key. Use the whole text of the .pem file, from -----BEGIN … PRIVATE KEY----- to -----END${orPath}`,
    };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    return {
      type: "problem",
      problem: `${variable}: ${unreadable(PRIVATE_KEY_PATH, FILE_ERRORS[code] ?? code)}`,
    };
  }
}

function textOfKey(value: string): string {
  const [, , unquoted = value] = /^\s*(["'])(.*)\1\s*$/su.exec(value) ?? [];
  const text = unquoted.replaceAll("\\n", "\n").trim();
  if (!/^[\w+/=\s-]+$/u.test(text) || text.startsWith("-")) return text;
  const decoded = Buffer.from(text, "base64").toString().trim();
  return decoded.startsWith("-----BEGIN ") ? decoded : text;
}

const FILE_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: "file not found",
  EACCES: "permission denied",
  EISDIR: "it's a directory",
};

/** Names only what is sure to be a path: the value may be a part of a key. */
function unreadable(path: string, why: string): string {
  const isPath = /^[^\p{Cc}`]{1,200}\.(?:pem|key)$/u.test(path);
  if (!isPath) return `can't read the file: ${why}`;
  const where = isAbsolute(path) ? "" : ` (looked in ${process.cwd()})`;
  return `can't read \`${path}\`: ${why}${where}`;
}

function isPrivateKey(key: string): boolean {
  if (!/^-----BEGIN [A-Z ]*PRIVATE KEY-----\r?\n/u.test(key)) return false;
  try {
    createPrivateKey(key);
    return true;
  } catch {
    return false;
  }
}
