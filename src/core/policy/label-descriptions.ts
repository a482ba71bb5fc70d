const MAX_KIND = 60;

/** What GitHub shows beside a label that starts tasks of a kind. It takes 100 characters. */
export function labelDescription(kind: string): string {
  return `Starts a Copilot task: ${kind.slice(0, MAX_KIND)}`;
}
