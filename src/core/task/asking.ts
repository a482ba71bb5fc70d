/**
 * Why a comment can't show a request of the agent's as it is, so that it can't be approved from the thread: it's
 * longer than a comment should be, or holds what looks like a credential, which no comment repeats.
 */
export type Withheld = "too_long" | "credential";

/** What the agent wants of people. `withheld` says why a comment can't show it whole, if it can't. */
export type Asking =
  | PermissionAsking
  | {
      readonly type: "question";
      readonly question: string;
      readonly choices: readonly string[];
      /**
       * Whether an answer may be other than one of the choices. Without choices and without this, the
       * agent wants a form: only Mission Control can take the answer.
       */
      readonly freeform: boolean;
      readonly withheld?: Withheld;
    }
  | {
      readonly type: "plan";
      readonly summary: string;
      /** The plan itself, where the agent has given it. */
      readonly plan?: string;
      /** `exit_only`, `interactive`, `autopilot`, `autopilot_fleet`; the one that is recommended comes first. */
      readonly actions: readonly string[];
      readonly withheld?: Withheld;
    };

/** A part of a request as it came. */
export interface Detail {
  readonly name: string;
  readonly text: string;
}

/** What the agent wants to be allowed to do. What a kind doesn't say is null. */
export interface PermissionAsking {
  readonly type: "permission";
  /** `shell`, `write`, `read`, `mcp`, `url`, `memory`, `custom-tool`, `hook`, or one not known yet. */
  readonly kind: string;
  /** Why, in the agent's words. */
  readonly intention: string | null;
  /** The whole command, of `shell`. */
  readonly command: string | null;
  /** The file, of `write` and `read`. */
  readonly path: string | null;
  /** The address, of `url`. */
  readonly url: string | null;
  /** The tool, of `mcp` (`server/tool`), `custom-tool` and `hook`. */
  readonly tool: string | null;
  /** The branch or ref that the tool is called with. */
  readonly branch: string | null;
  /** The repository that the tool is called with, e.g. `octo-org/hello`, as far as it's given. */
  readonly repository?: string;
  /** Whether the request itself says that nothing is changed; null when it does not say. */
  readonly readOnly: boolean | null;
  /** Whether a person is to answer: a managed policy wants it, or the command is too long to be shown whole. */
  readonly managedApprovalRequired: boolean;
  /** Whether it's to be done outside of the sandbox. */
  readonly leavesSandbox: boolean;
  /** Everything that people have to see of it, each part whole; empty when it's withheld. */
  readonly details: readonly Detail[];
  readonly withheld: Withheld | null;
}

/** A request of the agent's, and the code by which people name it. */
export interface Asked {
  readonly code: string;
  readonly asking: Asking;
  /** Only Mission Control can take the answer, e.g. because it was asked before the bot was restarted. */
  readonly elsewhere?: true;
}
