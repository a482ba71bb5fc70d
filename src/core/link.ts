/**
 * Where a session is found when it has not told its own link: the pattern that the SDK's documentation
 * gives. The link that the session tells itself may look different and comes first.
 */
export function documentedLink(sessionId: string): string {
  return `https://github.com/copilot/tasks/${encodeURIComponent(sessionId)}`;
}
