const MAX_LENGTH = 1_000;

/** Where a sign-in itself happens: coming back there would begin another one, or end in nothing. */
const NEVER = /^\/(?:sign-in|sign-out|oauth|connect\/start)(?:\/|$)/u;

/**
 * A page of the bot's own that a browser may be sent to; null for anything else.
 *
 * @param asked what an address names
 * @param origin the bot's
 */
export function ownPage(asked: string, origin: string): string | null {
  // As browsers read it: they take `\` for `/`, and leave out tabs and line breaks.
  const url = asked.startsWith("/") && asked.length <= MAX_LENGTH ? URL.parse(asked, origin) : null;
  if (url === null || url.origin !== origin) return null;
  const { pathname, search } = url;
  if (pathname.startsWith("//") || NEVER.test(pathname)) return null;
  return `${pathname}${search}`;
}
