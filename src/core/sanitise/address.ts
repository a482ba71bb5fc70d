const SCHEME = /^[\s\p{C}]*([a-z][a-z0-9+.-]*):/iu;
const SAFE_SCHEME = /^(?:https?|mailto)$/iu;
/** What ends a link or an address in Markdown, in HTML, or for a reader. */
const UNSAFE = /[^A-Za-z0-9\-._~:/?#@$!&*+,=%]/gu;

/**
 * A link's address so that it can stand anywhere in a text, or null for one that is not for reading
 * (`data:`, `javascript:`, …). Addresses without a scheme stay: they lead to the same site.
 */
export function safeAddress(address: string): string | null {
  const scheme = SCHEME.exec(address)?.[1];
  if (scheme !== undefined && !SAFE_SCHEME.test(scheme)) return null;
  return address
    .replaceAll(/[\s\p{C}]+/gu, "")
    .split("[redacted]")
    .map((part) => part.replaceAll(UNSAFE, encode))
    .join("[redacted]");
}

/** The mark that stands for an image, with its address if that leads to a website. */
export function imageMark(address: string): string {
  const safe = safeAddress(address);
  return safe !== null && /^https?:/iu.test(safe) ? `(image: ${safe})` : "(image)";
}

function encode(character: string): string {
  // What encodeURIComponent leaves alone are the quote and the parentheses.
  const code = character.charCodeAt(0);
  if (code < 128) return `%${code.toString(16).toUpperCase().padStart(2, "0")}`;
  return encodeURIComponent(character.toWellFormed());
}
