import type { CommandForm, UnusableForm } from "../core/page/command.ts";
import type { PageOutcome } from "../core/page/outcome.ts";
import type { Person } from "../core/identity/connection.ts";

/** A person has pressed a button on a task's page. */
export interface PressedButton extends CommandForm {
  /** The task whose page it is. Whoever asks has made sure that the person may see it. */
  readonly taskId: string;
  /** Who is signed in. What they may do is asked anew. */
  readonly person: Person;
}

/** What became of a pressed button. */
export type Pressed =
  | UnusableForm
  | { readonly type: "no_task" }
  /** The person has given too many commands within a minute; nothing was stored. */
  | { readonly type: "too_many" }
  | {
      readonly type: "given";
      /** By which `outcomeOf` knows the command. */
      readonly commandId: string;
      /** The same form was sent before: this is about the one command that it is. */
      readonly isRepeated: boolean;
      /** As far as it's known by now. */
      readonly outcome: PageOutcome;
    };

/** Whose command it is, and in which repository that the person may see. */
export interface OwnCommand {
  readonly commandId: string;
  readonly personId: number;
  readonly repositoryId: number;
}

/**
 * The commands that people give on the pages of tasks: the same ones as in their threads, decided by the same gate. Every
 * method rejects when the database does.
 */
export interface PageCommands {
  /** Gives a command, which is durable when it resolves, and waits a moment for what comes of it. */
  press(button: PressedButton): Promise<Pressed>;
  /** What has come of a command of this person's by now; null when there's no such command. */
  outcomeOf(command: OwnCommand): Promise<PageOutcome | null>;
}
