import { takesAnswer } from "../session/request.ts";
import type { Asked, Withheld } from "../task/asking.ts";

/** How a session's requests are answered. */
export interface WaysToAnswer {
  /** What people write behind `/copilot approve`. */
  readonly id: string;
  /** Who answers, as Markdown; null for everybody with write access. */
  readonly owner: string | null;
  /** The session's page. */
  readonly page: string;
  /** Whether the thread's answers reach the session. */
  readonly isOpen: boolean;
}

const WITHHELD: Record<Withheld, string> = {
  too_long: "It's too long to be shown here whole",
  credential: "It contains what looks like a credential, which is never shown in a comment",
};

/** The line below a request: who can answer it, how, and where. */
export function howToAnswer(
  asked: Asked,
  withheld: Withheld | null,
  { id, owner, page, isOpen }: WaysToAnswer,
): string {
  const there = `[in Mission Control](${page})`;
  if (!isOpen) {
    const why = withheld === null ? "" : `${WITHHELD[withheld]}. `;
    // Nobody who isn't following sees whether it is.
    const answer = owner === null ? "answer" : `${owner} can answer`;
    return `${why}If Copilot is still waiting, ${answer} ${there}.`;
  }
  if (withheld !== null) {
    const deny = asked.elsewhere === true ? null : `reply with \`/copilot deny ${id}\``;
    return `${WITHHELD[withheld]}, so ${decideElsewhere(owner, there, deny)}.`;
  }
  if (!takesAnswer(asked)) return `${owner ?? "You"} can only answer this ${there}.`;
  return owner === null
    ? `Reply with ${commands(asked, id, there)}.`
    : `${owner} can reply with ${commands(asked, id, there)}. Anyone with write access can also ${asked.asking.type === "question" ? "decline" : "deny"}.`;
}

/** Of a request that can't be approved in the thread, but maybe denied. */
function decideElsewhere(owner: string | null, there: string, deny: string | null): string {
  if (owner === null) {
    const orDeny = deny === null ? "" : `, or ${deny}`;
    return `you can't approve it here. Decide ${there}${orDeny}`;
  }
  const othersDeny = deny === null ? "" : `. To deny, anyone with write access can ${deny}`;
  return `it can't be approved here. ${owner} can decide ${there}${othersDeny}`;
}

function commands({ asking }: Asked, id: string, there: string): string {
  const deny = `**\`/copilot deny ${id}\`**`;
  return asking.type === "question"
    ? `**\`/copilot approve ${id} <answer>\`**, or ${deny} to decline, or answer ${there}`
    : `**\`/copilot approve ${id}\`** or ${deny}, or decide ${there}`;
}
