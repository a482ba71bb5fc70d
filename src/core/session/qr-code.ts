import type { GitHubHosts } from "../github/hosts.ts";
import type { Task } from "../task/task.ts";
import { sessionPlace } from "./link.ts";

/** The QR code of a session's link. */
export interface QrCode {
  /**
   * Where the bot shows it, without the ending that names a format. Nobody can guess it, and a link that is corrected
   * gets another one: caches keep the old image.
   */
  readonly path: string;
  /** What it says: the same link as the comment's. */
  readonly url: string;
}

/** Phones hardly read the codes of longer ones from a screen. */
const MAX_URL = 300;

/** The QR code of a task's session; null while its link isn't known, and where the policy wants no code. */
export function qrCodeOf(
  { id, decision, session }: Pick<Task, "id" | "decision" | "session">,
  hosts: GitHubHosts,
): QrCode | null {
  const { qrSecret } = decision;
  const place = sessionPlace(session, hosts);
  if (qrSecret === null || place === null || place.url.length > MAX_URL) return null;
  const { url, isGuess } = place;
  return { path: `/qr/${id}/${qrSecret}${isGuess ? "-documented" : ""}`, url };
}
