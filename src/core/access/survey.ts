import type { Role } from "../github/role.ts";

/** Where a session works: what the prompt names. */
export interface Place {
  readonly branch: string;
  /** The full SHA of the head commit. */
  readonly commit: string;
}

/** Who wrote something. An account that was deleted is GitHub's `ghost`. */
export interface Author {
  /** Null for an account that was deleted, and for Apps. */
  readonly id: number | null;
  readonly login: string;
}

export interface SubjectComment {
  readonly author: Author;
  /** Markdown, as it was written. */
  readonly body: string;
  /** The HTML that GitHub made of it; null where GitHub could not be asked for it. */
  readonly bodyHtml: string | null;
}

/** The comment, review or review comment that a command stands in, as it is now. */
export interface CommandComment {
  readonly body: string;
  readonly bodyHtml: string | null;
  /** Whether it's hidden on GitHub. */
  readonly hidden: boolean;
}

/** A part of a subject that is too much for GitHub to return. */
export type Missing = "files" | "comments" | "older_comments";

/** What only a pull request has. */
export interface Pull {
  readonly head: Place;
  /** Whether the head is in another repository, or in one that was deleted. */
  readonly fromFork: boolean;
  /** The branch that it goes into, with that branch's head commit now. */
  readonly base: Place;
  /** One line for each changed file, up to the most that are read. */
  readonly files: readonly string[];
  readonly allFiles: boolean;
}

/** An issue or a pull request, as it is now. */
export interface Subject {
  readonly title: string;
  /** Markdown, as it was written, and the HTML that GitHub made of it; null where GitHub could not be asked for it. */
  readonly body: string;
  readonly bodyHtml: string | null;
  readonly author: Author;
  readonly state: "open" | "closed" | "merged";
  readonly locked: boolean;
  /** The last ones, oldest first, without the bot's own and those that are hidden on GitHub. */
  readonly comments: readonly SubjectComment[];
  /** How many of the last comments are hidden on GitHub. */
  readonly hiddenComments: number;
  /** What GitHub couldn't return because the subject is too large. */
  readonly missing: readonly Missing[];
  readonly pull: Pull | null;
}

/** A policy file on the default branch of a repository. */
export interface PolicyVersion {
  /** The head commit of the default branch; null where there is no commit yet. */
  readonly commit: string | null;
  /** Null where there is no file; its text is null when it is binary or far too large. */
  readonly file: { readonly blob: string; readonly text: string | null } | null;
}

/**
 * What GitHub says of the requester, the repository and the subject at one moment. The webhook's word
 * on any of this is not taken.
 */
export interface Survey {
  readonly role: Role;
  readonly archived: boolean;
  /** Null for a repository without a commit. */
  readonly defaultBranch: Place | null;
  readonly subject: Subject;
  /** Null for a label, for a command from a page, and where the comment isn't among the last ones. */
  readonly command: CommandComment | null;
  readonly policy: {
    readonly repository: PolicyVersion;
    /** Of the organization's `.github`; null where the App sees no such repository. */
    readonly organization: PolicyVersion | null;
  };
}
