/**
 * Where a session is found when it has not told its own link: the pattern that the SDK's documentation
 * gives. The link that the session tells itself may look different and comes first.
 */
export function documentedLink(sessionId: string): string {
  return `https://github.com/copilot/tasks/${encodeURIComponent(sessionId)}`;
}

const LONGEST_LINK = 2_000;

/**
 * An address that a session told, in a form that a comment can link to: nothing in it ends a Markdown
 * link. Null when it is none of the web, or absurdly long.
 */
export function usableLink(told: string): string | null {
  const url = URL.parse(told);
  if (url === null || !/^https?:$/u.test(url.protocol) || url.href.length > LONGEST_LINK)
    return null;
  return url.href.replaceAll(/[()<>`\s\\]/gu, (mark) => {
    const code = mark.charCodeAt(0).toString(16).toUpperCase();
    return `%${code}`;
  });
}

/** The same text for two addresses that differ only in case and in `http` for `https`: people write both. */
export function addressKey(url: string): string {
  return url.toLowerCase().replace(/^https?:/u, "");
}
