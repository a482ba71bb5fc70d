import { takesAnswer } from "../session/request.ts";
import type { Asked, Withheld } from "../task/asking.ts";
import { capitalized } from "../text/capitals.ts";

/** Where else a session's requests can be answered. */
export type Elsewhere =
  /** On the session's page on GitHub. */
  | { readonly type: "page"; readonly url: string }
  /** There, once somebody has shared the session with this command. */
  | { readonly type: "once_shared"; readonly command: string }
  | { readonly type: "nowhere" };

/** How a session's requests are answered. */
export interface WaysToAnswer {
  /** What people write behind `/copilot approve`. */
  readonly id: string;
  /** Who answers, as Markdown; null for everybody with write access. */
  readonly owner: string | null;
  readonly elsewhere: Elsewhere;
  /** Whether the thread's answers reach the session. */
  readonly isOpen: boolean;
}

const WITHHELD: Record<Withheld, string> = {
  too_long: "It's too long to show here",
  credential: "It contains what looks like a credential, which is never shown in a comment",
};

/** The line below a request: who can answer it, how, and where. */
export function howToAnswer(
  asked: Asked,
  withheld: Withheld | null,
  { id, owner, elsewhere, isOpen }: WaysToAnswer,
): string {
  if (elsewhere.type !== "page")
    return howToAnswerHere(asked, withheld, { id, owner, elsewhere, isOpen });
  const there = `[in Mission Control](${elsewhere.url})`;
  if (!isOpen) {
    const why = withheld === null ? "" : `${WITHHELD[withheld]}. `;
    // Nobody who isn't following sees whether it is.
    const answer = owner === null ? "answer" : `${owner} can answer`;
    return `${why}If Copilot is still waiting, ${answer} ${there}.`;
  }
  if (withheld !== null) {
    const deny = asked.elsewhere === true ? null : `reply with \`/copilot deny ${id}\``;
    return `${WITHHELD[withheld]}, so ${decideElsewhere(asked, owner, there, deny)}.`;
  }
  if (!takesAnswer(asked)) return `${owner ?? "You"} can only answer this ${there}.`;
  return replyWith(asked, owner, commands(asked, id, there));
}

function replyWith({ asking }: Asked, owner: string | null, what: string): string {
  return owner === null
    ? `Reply with ${what}.`
    : `${owner} can reply with ${what}. Anyone with write access can also ${asking.type === "question" ? "decline" : "deny"}.`;
}

interface HereAlone extends WaysToAnswer {
  readonly elsewhere: Exclude<Elsewhere, { readonly type: "page" }>;
}

/** Of a request in a session that isn't to be seen on GitHub. */
function howToAnswerHere(
  asked: Asked,
  withheld: Withheld | null,
  { id, owner, elsewhere, isOpen }: HereAlone,
): string {
  const why = withheld === null ? "" : `${WITHHELD[withheld]}. `;
  if (!isOpen)
    return `${why}If Copilot is still waiting, it can be answered once the bot follows the session again.`;
  const isTaken = takesAnswer(asked);
  if (withheld === null && isTaken) return replyWith(asked, owner, commands(asked, id, null));
  const { approved, denied } = WORDS[asked.asking.type];
  const there =
    elsewhere.type === "nowhere" ? null : `in Mission Control, after \`${elsewhere.command}\``;
  const how = there === null ? `can't be ${approved}` : `can only be ${approved} ${there}`;
  const deny =
    asked.elsewhere === true ? "" : ` To ${denied} it, reply with \`/copilot deny ${id}\`.`;
  return withheld === null ? `This ${how}.${deny}` : `${WITHHELD[withheld]}, so it ${how}.${deny}`;
}

const APPROVAL = { approve: "approve", approved: "approved", denied: "deny", decide: "decide" };

const WORDS = {
  permission: APPROVAL,
  plan: APPROVAL,
  question: { approve: "answer", approved: "answered", denied: "decline", decide: "answer" },
} as const;

/** Of a request that can't be approved in the thread, but maybe denied. */
function decideElsewhere(
  { asking }: Asked,
  owner: string | null,
  there: string,
  deny: string | null,
): string {
  const { approve, approved, denied, decide } = WORDS[asking.type];
  if (owner === null) {
    const orDeny = deny === null ? "" : `, or ${deny}`;
    return `you can't ${approve} it here. ${capitalized(decide)} ${there}${orDeny}`;
  }
  const othersDeny = deny === null ? "" : `. To ${denied}, anyone with write access can ${deny}`;
  return `it can't be ${approved} here. ${owner} can ${decide} ${there}${othersDeny}`;
}

/** @param there where else; null for nowhere */
function commands({ asking }: Asked, id: string, there: string | null): string {
  const deny = `**\`/copilot deny ${id}\`**`;
  if (asking.type === "question") {
    const answer = there === null ? "" : `, or answer ${there}`;
    return `**\`/copilot approve ${id} <answer>\`**, or ${deny} to decline${answer}`;
  }
  const decide = there === null ? "" : `, or decide ${there}`;
  return `**\`/copilot approve ${id}\`** or ${deny}${decide}`;
}
