import type { RepositoryName, Subject } from "../shapes.ts";
import { timestamp } from "../shapes.ts";
import type { Files } from "./records.ts";
import { blobOf, commitOf } from "./git.ts";
import type {
  AccountRecord,
  CommentRecord,
  Grant,
  LabelRecord,
  MemberRecord,
  PullRecord,
} from "./records.ts";
import type { RepositoryRecord, Role, SubjectRecord, TeamRecord } from "./records.ts";
import { ROLES } from "./records.ts";

/** All that this GitHub knows. */
export interface State {
  /** By login in lower case. */
  readonly accounts: Map<string, AccountRecord>;
  /** By id, in the order in which they were created. */
  readonly repositories: Map<number, RepositoryRecord>;
  /** By `owner/name` in lower case: the id of a repository that had this name before. */
  readonly formerNames: Map<string, number>;
  /** By `organization/slug` in lower case. */
  readonly teams: Map<string, TeamRecord>;
  /** Who is in the organization, by login. Its owners administer all its repositories. */
  readonly members: Map<string, MemberRecord>;
  readonly lastIds: Map<string, number>;
}

export function createState(): State {
  return {
    accounts: new Map(),
    repositories: new Map(),
    formerNames: new Map(),
    teams: new Map(),
    members: new Map(),
    lastIds: new Map(),
  };
}

/** The next id of a kind: each kind counts from 1. */
export function nextId(state: State, kind: string): number {
  const id = (state.lastIds.get(kind) ?? 0) + 1;
  state.lastIds.set(kind, id);
  return id;
}

export function now(): string {
  return timestamp(new Date());
}

export function addAccount(
  state: State,
  login: string,
  type: AccountRecord["type"],
): AccountRecord {
  const account = { id: nextId(state, "account"), login, type };
  state.accounts.set(login.toLowerCase(), account);
  return account;
}

export function findAccount(state: State, login: string): AccountRecord | undefined {
  return state.accounts.get(login.toLowerCase());
}

/** The account with this login, which has to be there. */
export function accountOf(state: State, login: string): AccountRecord {
  const account = findAccount(state, login);
  if (account === undefined) throw new Error(`There is no ${login}`);
  return account;
}

/** What a new repository has; without branches it gets a first commit with a README. */
interface NewRepository {
  readonly owner: AccountRecord;
  readonly name: string;
  readonly private?: boolean;
  readonly defaultBranch?: string;
  /** The repository that it's a fork of. */
  readonly source?: RepositoryRecord;
}

export function addRepository(state: State, made: NewRepository): RepositoryRecord {
  const { owner, name, source, defaultBranch = source?.defaultBranch ?? "main" } = made;
  const files: Files = new Map([["README.md", blobOf(Buffer.from(`# ${name}\n`))]]);
  const first = { files, parents: [], message: "Initial commit", author: owner, date: now() };
  const branches = source?.branches ?? [[defaultBranch, commitOf(first)] as const];
  const id = nextId(state, "repository");
  const repository: RepositoryRecord = {
    id,
    owner,
    name,
    private: made.private ?? false,
    archived: false,
    defaultBranch,
    description: null,
    homepage: null,
    isFork: source !== undefined,
    network: source?.network ?? id,
    isDeleted: false,
    createdAt: now(),
    branches: new Map(branches),
    labels: new Map(),
    subjects: new Map(),
    departed: new Map(),
    grants: new Map(),
    checkRuns: new Map(),
    lastNumber: 0,
  };
  state.repositories.set(repository.id, repository);
  return repository;
}

export function fullName({ owner, name }: RepositoryRecord): string {
  return `${owner.login}/${name}`;
}

export function findRepository(
  state: State,
  { owner, repo }: RepositoryName,
): RepositoryRecord | undefined {
  const name = `${owner}/${repo}`.toLowerCase();
  return state.repositories.values().find((it) => fullName(it).toLowerCase() === name);
}

/** The repository that had this name before, if no other has taken it. */
export function findFormer(
  state: State,
  { owner, repo }: RepositoryName,
): RepositoryRecord | undefined {
  const id = state.formerNames.get(`${owner}/${repo}`.toLowerCase());
  return id === undefined ? undefined : state.repositories.get(id);
}

/** Gives a repository another name or owner; its former name leads to it. */
export function moveRepository(
  state: State,
  repository: RepositoryRecord,
  to: { readonly owner?: AccountRecord; readonly name?: string },
): void {
  state.formerNames.set(fullName(repository).toLowerCase(), repository.id);
  Object.assign(repository, to);
  state.formerNames.delete(fullName(repository).toLowerCase());
}

export function repositoriesOf(state: State, owner: string): readonly RepositoryRecord[] {
  return [...state.repositories.values()].filter((it) => it.owner.login === owner);
}

/** The issue or pull request at a place. */
export function findSubject(state: State, subject: Subject): SubjectRecord | undefined {
  return findRepository(state, subject)?.subjects.get(subject.number);
}

/** The comment with this id: one on a line, or one in a conversation. */
export function findComment(
  repository: RepositoryRecord,
  id: number,
  kind: "issues" | "pulls",
): CommentRecord | undefined {
  for (const subject of repository.subjects.values()) {
    const comments = kind === "issues" ? subject.comments : lineComments(subject);
    const found = comments.find((comment) => comment.id === id);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The comments on lines of a pull request; an issue has none. */
export function lineComments(subject: SubjectRecord): readonly CommentRecord[] {
  return subject.type === "pull" ? subject.reviews.flatMap(({ comments }) => comments) : [];
}

/** The open pull requests from a branch, in whichever repository. */
export function pullsFrom(
  { repositories }: State,
  head: RepositoryRecord,
  branch: string,
): readonly PullRecord[] {
  const all = repositories.values().flatMap(({ subjects }) => subjects.values());
  const pulls = all.filter((it) => it.type === "pull").filter(({ state }) => state === "open");
  return pulls.filter((it) => it.head.repository === head && it.head.ref === branch).toArray();
}

/** What a person can do in a repository: everybody reads what is public. */
export function grantOf(state: State, repository: RepositoryRecord, login: string): Grant {
  const { owner } = repository;
  const owns = owner.type === "Organization" ? isOwner(state, login) : owner.login === login;
  if (owns) return { role: "admin" };
  return repository.grants.get(login) ?? { role: repository.private ? "none" : "read" };
}

function isOwner({ members }: State, login: string): boolean {
  const member = members.get(login);
  return member?.role === "admin" && member.state === "active";
}

/** Whether a person was given a role, or owns the repository. */
export function hasExplicitRole(
  state: State,
  repository: RepositoryRecord,
  login: string,
): boolean {
  const { role } = grantOf(state, repository, login);
  return repository.grants.has(login) || role === "admin";
}

export function isAtLeast(role: Role, least: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(least);
}

/** The label with this name; GitHub makes one that isn't there yet. */
export function findOrAddLabel(
  state: State,
  { labels }: RepositoryRecord,
  name: string,
): LabelRecord {
  const key = name.toLowerCase();
  const label = labels.get(key) ?? { id: nextId(state, "label"), name };
  labels.set(key, label);
  return label;
}

/** Hides a comment in a conversation, whichever it is in. */
export function minimize(state: State, id: number, reason: string): void {
  for (const repository of state.repositories.values()) {
    const comment = findComment(repository, id, "issues");
    if (comment !== undefined) comment.minimized = reason;
  }
}
