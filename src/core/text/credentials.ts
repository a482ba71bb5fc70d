import type { Cleaned } from "./removed.ts";

const REDACTED = "[redacted]";

/**
 * Where a word begins: also behind what stands for a character in JSON, in a string of a program (`\\n`, `\\u001b`), in a
 * URL (`%0A`) or at the end of a terminal's color, of which logs are full.
 */
const BEGIN =
  "(?:(?<![A-Za-z0-9_-])|(?<=\\\\[abefnrtv0])|(?<=\\\\u[0-9A-Fa-f]{4})|(?<=\\\\x[0-9A-Fa-f]{2})|(?<=%[0-9A-Fa-f]{2})|(?<=\\[[0-9;]{0,12}m))";

/**
 * Credentials by the prefixes and shapes that their issuers document. Where there is a first group, it
 * stays: it names what the credential was. Every repetition either begins at a place of its own or is
 * bounded, so that no text takes long.
 */
const PATTERNS = [
  // GitHub: classic and fine-grained personal tokens, tokens of OAuth and of Apps.
  /gh[oprsu]_[A-Za-z0-9_]{20,}(?:\.[A-Za-z0-9_-]{10,}){0,2}/gu,
  /github_pat_[A-Za-z0-9_]{20,}/gu,
  // GitLab, npm, PyPI, Docker Hub, Hugging Face, DigitalOcean, SendGrid.
  /glpat-[A-Za-z0-9_-]{20,}/gu,
  /npm_[A-Za-z0-9]{30,}/gu,
  /pypi-AgE[A-Za-z0-9_-]{20,}/gu,
  /dckr_pat_[A-Za-z0-9_-]{20,}/gu,
  /hf_[A-Za-z0-9]{30,}/gu,
  /do[oprt]_v1_[a-f0-9]{40,}/gu,
  /SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,}/gu,
  // AWS: identifiers of keys, and secrets behind their usual name.
  /(?:AKIA|ASIA)[A-Z0-9]{16}/gu,
  /(aws_?(?:secret_?access_?key|session_?token)["']?[ \t]{0,5}[:=][ \t]{0,5}["']?)[A-Za-z0-9/+=]{40,}/giu,
  // Google: keys of APIs, OAuth.
  /AIza[A-Za-z0-9_-]{35}/gu,
  /ya29\.[A-Za-z0-9_-]{20,}/gu,
  /GOCSPX-[A-Za-z0-9_-]{20,}/gu,
  // Slack, Stripe.
  /xox[abceoprs]-[A-Za-z0-9-]{10,}/gu,
  /xapp-[A-Za-z0-9-]{10,}/gu,
  /(?:[rs]k_(?:live|test)|whsec)_[A-Za-z0-9]{16,}/gu,
  // OpenAI, Anthropic and others that took the same prefix: at least one digit, or it is a word.
  new RegExp(`${BEGIN}sk-(?=[A-Za-z_-]*[0-9])[A-Za-z0-9_-]{20,}`, "gu"),
  // Azure: keys of accounts, shared access signatures.
  /((?:Account|SharedAccess)Key=)[A-Za-z0-9+/]{40,}={0,2}/giu,
  /([?&;]sig=)[A-Za-z0-9%+/=_-]{20,}/giu,
  // JSON web tokens.
  new RegExp(`${BEGIN}eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{10,}(?:\\.[A-Za-z0-9_-]*)?`, "gu"),
  // Passwords in URLs.
  /(:\/\/)[^\s/?#@:"'<>]{0,128}:[^\s/?#@"'<>]{1,256}(?=@)/gu,
];

const KEY_BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/gu;
const KEY_END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/gu;
/** A key without an end goes to the next blank line behind its headers, or to what is not Base64. */
const KEY_BODY =
  /(?:\s{0,8}(?:Proc-Type|DEK-Info):[^\n]*)*\s{0,8}(?:[A-Za-z0-9+/=\\,:> \t-]|\n(?![\t >]*\n))*/uy;

/** Something in here is in everything that is recognized. */
const PERHAPS =
  /_[A-Za-z0-9]{16}|(?:AKIA|ASIA)[A-Z0-9]{16}|AIza|ya29\.|GOCSPX-|xox[a-z]-|xapp-|glpat-|pypi-|dckr_|SG\.|sk-|aws_?s|Key=|sig=|eyJ|:\/\/[^\s/?#@:]*:[^\s/?#@]*@|-----BEGIN/iu;

/**
 * The text with `[redacted]` for everything that looks like a credential: tokens with known prefixes,
 * keys behind their usual names, JSON web tokens, private keys in PEM, passwords in URLs.
 */
export function withoutCredentials(text: string): Cleaned {
  if (!PERHAPS.test(text)) return { text, removed: {} };
  const keys = withoutPrivateKeys(text);
  let clean = keys.text;
  let count = keys.count;
  for (const pattern of PATTERNS) {
    clean = clean.replaceAll(pattern, (_all, kept: unknown) => {
      count += 1;
      return typeof kept === "string" ? `${kept}${REDACTED}` : REDACTED;
    });
  }
  return { text: clean, removed: count === 0 ? {} : { credential: count } };
}

function withoutPrivateKeys(text: string): { readonly text: string; readonly count: number } {
  const parts: string[] = [];
  let from = 0;
  let hasEnd = true;
  for (const begin of text.matchAll(KEY_BEGIN)) {
    if (begin.index < from) continue;
    parts.push(text.slice(from, begin.index), REDACTED);
    const body = begin.index + begin[0].length;
    KEY_END.lastIndex = body;
    hasEnd &&= KEY_END.test(text);
    if (hasEnd) {
      from = KEY_END.lastIndex;
    } else {
      KEY_BODY.lastIndex = body;
      KEY_BODY.test(text);
      from = KEY_BODY.lastIndex;
    }
  }
  parts.push(text.slice(from));
  return { text: parts.join(""), count: (parts.length - 1) / 2 };
}
