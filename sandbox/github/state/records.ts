import type { Json } from "../shapes.ts";

/** A person, an App's bot, or an organization. */
export interface AccountRecord {
  readonly id: number;
  readonly login: string;
  readonly type: "User" | "Bot" | "Organization";
}

/** A file's content, with the SHA that git gives it. */
export interface Blob {
  readonly sha: string;
  readonly bytes: Buffer;
  /** How Git lists it; an ordinary file unless given. */
  readonly mode?: FileMode;
}

/** An executable file, a symbolic link, or a submodule, whose `sha` is a commit elsewhere. */
export type FileMode = "100755" | "120000" | "160000";

/** The files of a commit, by path. */
export type Files = ReadonlyMap<string, Blob>;

export interface Commit {
  readonly sha: string;
  readonly files: Files;
  readonly parents: readonly Commit[];
  readonly message: string;
  /** Null when no account has the e-mail address. */
  readonly author: AccountRecord | null;
  /** What the commit itself says; by default, what GitHub writes for the author. */
  readonly signature?: Signature;
  readonly date: string;
  /** As Git stores it; null for one that was pushed, which the bare repository has. */
  readonly object: Buffer | null;
}

/** An author as commits name them. */
export interface Signature {
  readonly name: string;
  readonly email: string;
}

/** A GitHub App that acts for people who have authorized it. */
export interface ActingApp {
  readonly id: number;
  /** As in `github.com/apps/SLUG`. */
  readonly slug: string;
  readonly name?: string;
  readonly client_id?: string;
}

/** The roles, from the weakest. */
export const ROLES = ["none", "read", "triage", "write", "maintain", "admin"] as const;

/** What a person can do in a repository. */
export type Role = (typeof ROLES)[number];

/** A role that a person was given; `name` is the organization's own name for it. */
export interface Grant {
  readonly role: Role;
  readonly name?: string | undefined;
}

export interface RepositoryRecord {
  readonly id: number;
  owner: AccountRecord;
  name: string;
  private: boolean;
  archived: boolean;
  defaultBranch: string;
  description: string | null;
  homepage: string | null;
  readonly isFork: boolean;
  /** The id of the repository that this one and all its other forks come from: they share their objects. */
  readonly network: number;
  /** It was deleted; pull requests from it stay. */
  isDeleted: boolean;
  readonly createdAt: string;
  readonly branches: Map<string, Commit>;
  /** By name in lower case. */
  readonly labels: Map<string, LabelRecord>;
  readonly subjects: Map<number, SubjectRecord>;
  /** Where issues went that aren't here anymore. */
  readonly departed: Map<number, IssueRecord | "deleted">;
  readonly grants: Map<string, Grant>;
  readonly checkRuns: Map<number, Json>;
  lastNumber: number;
}

export interface LabelRecord {
  readonly id: number;
  readonly name: string;
  readonly color?: string;
  readonly description?: string;
}

export interface ReactionRecord {
  readonly id: number;
  readonly content: string;
  readonly user: AccountRecord;
  readonly createdAt: string;
}

interface Conversation {
  readonly id: number;
  readonly repository: RepositoryRecord;
  readonly number: number;
  readonly author: AccountRecord;
  title: string;
  body: string | null;
  state: "open" | "closed";
  /** Why the conversation is locked, if it is; null is no reason. */
  lock: { readonly reason: string | null } | undefined;
  labels: readonly LabelRecord[];
  readonly createdAt: string;
  updatedAt: string;
  closedAt: string | null;
  comments: readonly CommentRecord[];
  reactions: readonly ReactionRecord[];
}

export interface IssueRecord extends Conversation {
  readonly type: "issue";
}

export interface PullRecord extends Conversation {
  readonly type: "pull";
  readonly head: {
    readonly repository: RepositoryRecord;
    readonly ref: string;
    /** The branch's latest commit, as long as the pull request is open. */
    commit: Commit;
  };
  readonly base: { readonly ref: string; readonly commit: Commit };
  readonly isDraft: boolean;
  /** Of a merged one. */
  merge: { readonly by: AccountRecord; readonly at: string; readonly commit: Commit } | undefined;
  reviews: readonly ReviewRecord[];
}

export type SubjectRecord = IssueRecord | PullRecord;

interface Written {
  readonly id: number;
  readonly subject: SubjectRecord;
  readonly author: AccountRecord;
  body: string;
  readonly createdAt: string;
  updatedAt: string;
}

/** A comment in the conversation, or on a line of a pull request. */
export interface CommentRecord extends Written {
  /** The App through which its author wrote it. */
  readonly via: ActingApp | undefined;
  reactions: readonly ReactionRecord[];
  /** Why it's hidden, if it is. */
  minimized: string | undefined;
  /** Where it is in the diff, and in which review. */
  readonly line?: {
    readonly path: string;
    readonly line: number;
    readonly review: ReviewRecord;
    readonly commit: Commit;
  };
}

export interface ReviewRecord extends Written {
  readonly subject: PullRecord;
  readonly state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED";
  readonly commit: Commit;
  comments: readonly CommentRecord[];
}

/** Somebody in a team; who was invited and hasn't answered yet is `pending`. */
export interface TeamMember {
  readonly login: string;
  readonly role?: "member" | "maintainer";
  readonly state?: "active" | "pending";
}

/** Somebody in an organization: `admin` is an owner, and who was invited and hasn't answered yet is `pending`. */
export interface MemberRecord {
  readonly role: "admin" | "member";
  readonly state: "active" | "pending";
}

export interface TeamRecord {
  readonly id: number;
  readonly organization: AccountRecord;
  readonly slug: string;
  readonly members: readonly TeamMember[];
}
