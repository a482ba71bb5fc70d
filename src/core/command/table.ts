import type { BotMention } from "./mention.ts";
import type { Misplacement } from "./misplaced.ts";

/** A slash-command as somebody wrote it. */
export interface Command {
  /** In small letters; `help` for a bare `/copilot`. */
  readonly name: string;
  /** The rest of the command's line and the lines that follow, up to the next command. */
  readonly instructions: string;
  /** Why it isn't executed, though it may have been meant; none for a command. */
  readonly misplaced?: Misplacement;
}

/** The commands about the bot itself. */
export const CONTROLS = {
  help: {
    usage: "/copilot help",
    description: "Lists the commands and labels that work here.",
    who: "starters",
  },
  config: {
    usage: "/copilot config",
    description: "Shows the effective settings, and where each comes from.",
    who: "starters",
  },
  doctor: {
    usage: "/copilot doctor",
    description: "Checks the bot's settings and connections. Starts nothing and costs nothing.",
    who: "starters",
  },
  connect: {
    usage: "/copilot connect",
    description: "Links to the page where you connect your Copilot.",
    who: "starters",
  },
  disconnect: {
    usage: "/copilot disconnect",
    description:
      "Deletes what the bot stores about your Copilot, and stops following your sessions.",
    who: "starters",
  },
  ok: {
    usage: "/copilot ok",
    description:
      "Approves the current head commit of a pull request from a fork, so Copilot can work on it.",
    who: "maintainers",
  },
} as const satisfies Record<string, CommandWords & { readonly who: "starters" | "maintainers" }>;

/**
 * The commands to a task of the thread: the newest, or the one whose short id comes first. All others
 * are the policy's, and start tasks.
 */
export const SESSION_COMMANDS = {
  status: {
    usage: "/copilot status",
    description: "Updates the task's comment.",
    who: "requester",
    takesText: false,
    isOwners: false,
  },
  send: {
    usage: "/copilot send",
    description: "Sends the text that follows to the session.",
    who: "writers",
    takesText: true,
    isOwners: true,
  },
  stop: {
    usage: "/copilot stop",
    description:
      "Stops the agent; you can still send messages to the session. Cancels a task that hasn't started.",
    who: "requester",
    takesText: false,
    isOwners: false,
  },
  approve: {
    usage: "/copilot approve",
    description:
      "Approves the agent's request, or answers its question with the text that follows.",
    who: "writers",
    takesText: true,
    isOwners: true,
  },
  deny: {
    usage: "/copilot deny",
    description: "Denies the agent's request, or declines its question.",
    who: "writers",
    takesText: true,
    isOwners: false,
  },
  resume: {
    usage: "/copilot resume",
    description: "Follows a session again after the bot stopped following it.",
    who: "writers",
    takesText: false,
    isOwners: true,
  },
  share: {
    usage: "/copilot share",
    description:
      "Shows a session that runs on the administrator's own machine on GitHub, where its owner can see and steer it.",
    who: "writers",
    takesText: false,
    isOwners: true,
  },
  unshare: {
    usage: "/copilot unshare",
    description: "Stops showing such a session on GitHub. The session continues.",
    who: "writers",
    takesText: false,
    isOwners: true,
  },
  retry: {
    usage: "/copilot retry",
    description: "Retries a failed task as a new one.",
    who: "starters",
    takesText: true,
    isOwners: false,
  },
} as const satisfies Record<string, SessionCommandWords>;

/**
 * Who can use a command, besides what the policy asks of everybody who starts the task's kind (`starters`):
 * people with write access among them (`writers`), with maintain access (`maintainers`), or also the person who
 * asked for the task, whatever has become of their permission since (`requester`).
 */
type WhoCanUse = "starters" | "writers" | "maintainers" | "requester";

interface CommandWords {
  readonly usage: string;
  readonly description: string;
  readonly who: WhoCanUse;
}

interface SessionCommandWords extends CommandWords {
  /** False: whatever looks like an id in what follows it names a task. */
  readonly takesText: boolean;
  /**
   * Whether it uses the rights and the quota of whoever's Copilot the session uses, so that it's theirs alone unless the
   * policy says otherwise (`steering`).
   */
  readonly isOwners: boolean;
}

export type ControlName = keyof typeof CONTROLS;
export type SessionCommandName = keyof typeof SESSION_COMMANDS;

/** Whether a command is about the bot itself. */
export function isControl(name: string | null): name is ControlName {
  return name !== null && Object.hasOwn(CONTROLS, name);
}

/** Whether a command is to a task of the thread. */
export function isSessionCommand(name: string | null): name is SessionCommandName {
  return name !== null && Object.hasOwn(SESSION_COMMANDS, name);
}

/**
 * What a command begins with, or something that may stand for it: a letter of it in another form, or
 * something invisible between them.
 */
const PERHAPS_COMMAND = /(?<![A-Za-z0-9/.:])[/／](?: ?co[- ]?pilot|triage|[^\n/]{0,8}?\P{ASCII})/iu;

/**
 * Whether it is worth parsing a text: most comments hold no slash before such a word.
 *
 * @param mention what counts as `/copilot` too, if anything
 */
export function mayHoldCommand(text: string, mention: BotMention | null): boolean {
  return PERHAPS_COMMAND.test(text) || mention?.perhaps.test(text) === true;
}
