/** A slash-command as somebody wrote it. */
export interface Command {
  /** In small letters; `help` for a bare `/copilot`. */
  readonly name: string;
  /** The rest of the command's line and the lines that follow, up to the next command. */
  readonly instructions: string;
}

/** The commands about the bot itself. */
export const CONTROLS = {
  help: {
    usage: "/copilot help",
    description: "Tells which commands and labels there are here.",
  },
  config: {
    usage: "/copilot config",
    description: "Tells which settings are in force here, and from where each comes.",
  },
  doctor: {
    usage: "/copilot doctor",
    description: "Checks the bot's settings and connections. Starts nothing and costs nothing.",
  },
  ok: {
    usage: "/copilot ok",
    description: "Lets Copilot work on the present head commit of a pull request from a fork.",
  },
} as const satisfies Record<string, CommandWords>;

/**
 * The commands to a task of the thread: the newest, or the one whose short id comes first. All others
 * are the policy's, and start tasks.
 */
export const ORDERS = {
  status: {
    usage: "/copilot status",
    description: "Brings the comment of the task up to date.",
  },
  send: {
    usage: "/copilot send",
    description: "Writes what follows to the session.",
  },
  stop: {
    usage: "/copilot stop",
    description:
      "Stops what the agent is doing, or a task before it begins. The session stays, and can be written to.",
  },
  approve: {
    usage: "/copilot approve",
    description: "Allows what the agent asks for, or answers its question with what follows.",
  },
  deny: {
    usage: "/copilot deny",
    description: "Does not allow what the agent asks for, or declines its question.",
  },
  resume: {
    usage: "/copilot resume",
    description: "Follows a session again that the bot no longer follows.",
  },
  retry: {
    usage: "/copilot retry",
    description: "Tries a failed task again, as a new one.",
  },
} as const satisfies Record<string, CommandWords>;

interface CommandWords {
  readonly usage: string;
  readonly description: string;
}

export type ControlName = keyof typeof CONTROLS;
export type OrderName = keyof typeof ORDERS;

/** Whether a command is about the bot itself. */
export function isControl(name: string | null): name is ControlName {
  return name !== null && Object.hasOwn(CONTROLS, name);
}

/** Whether a command is to a task of the thread. */
export function isOrder(name: string | null): name is OrderName {
  return name !== null && Object.hasOwn(ORDERS, name);
}

/** Whether it is worth parsing a text: most comments hold no slash at the start of a line. */
export function mayHoldCommand(text: string): boolean {
  return /^\uFEFF? {0,3}\//mu.test(text);
}
