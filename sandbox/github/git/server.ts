import type { IncomingMessage } from "node:http";
import PQueue from "p-queue";
import { moveBranch, removeBranch } from "../branches.ts";
import { sendWebhooks } from "../github.ts";
import type { Parts, RepositoryEvent } from "../parts.ts";
import { decode } from "../routes/table.ts";
import type { Answer } from "../shapes.ts";
import type { AccountRecord, RepositoryRecord } from "../state/records.ts";
import { findAccount, findFormer, findRepository, fullName } from "../state/state.ts";
import type { GitService } from "./access.ts";
import { actorOf, refusalOfGit } from "./access.ts";
import { askBackend } from "./backend.ts";
import type { GitRequest } from "./front.ts";
import type { LfsStore } from "./lfs.ts";
import { createLfsStore, readLfs } from "./lfs.ts";
import type { GitStore } from "./store.ts";
import { createGitStore } from "./store.ts";

/** A request of Git's. */
interface GitAsk {
  readonly owner: string;
  readonly repo: string;
  readonly service: GitService;
  /** Below the repository: `/info/refs`, or `/` and the service. */
  readonly path: string;
  readonly query: string;
}

/** Git over HTTP, and Git LFS. */
export interface GitServer {
  readonly store: GitStore;
  readonly lfs: LfsStore;
  /**
   * What GitHub does, with real Git; what was pushed is in the state then. Undefined for a request that's neither Git's nor
   * Git LFS'.
   */
  read(message: IncomingMessage): GitRequest | undefined;
  close(): Promise<void>;
}

const PATH = /^\/(?<owner>[^/]+)\/(?<repo>[^/]+?)(?:\.git)?(?<path>\/info\/refs|\/git-\w+-pack)$/u;

/** Reads a request; undefined for one that isn't Git's. */
function gitAskOf({ url = "/" }: Pick<IncomingMessage, "url">): GitAsk | undefined {
  const { pathname, search: query, searchParams } = new URL(url, "http://localhost");
  const { owner = "", repo = "", path = "" } = PATH.exec(pathname)?.groups ?? {};
  const named = path === "/info/refs" ? searchParams.get("service") : path.slice(1);
  if (named !== "git-upload-pack" && named !== "git-receive-pack") return undefined;
  return { owner: decode(owner), repo: decode(repo), service: named, path, query };
}

/** One at a time in a network: forks share their objects. */
function createTurns() {
  const queues = new Map<number, PQueue>();
  return {
    take<Result>({ network }: RepositoryRecord, work: () => Promise<Result>) {
      const queue = queues.get(network) ?? new PQueue({ concurrency: 1 });
      queues.set(network, queue);
      return queue.add(work);
    },
    over: async () => Promise.all([...queues.values()].map((queue) => queue.onIdle())),
  };
}

export function createGitServer(parts: Parts): GitServer {
  const store = createGitStore();
  const lfs = createLfsStore();
  const turns = createTurns();

  async function serve(
    repository: RepositoryRecord,
    { path, query, service }: GitAsk,
    { message, by }: { readonly message: IncomingMessage; readonly by: AccountRecord | undefined },
  ): Promise<Answer> {
    await store.write(repository);
    const root = await store.directory();
    const user = by?.login ?? "";
    const asked = { root, path: `/${repository.id}.git${path}`, query, user };
    const answer = await askBackend(message, asked);
    if (service === "git-receive-pack" && path !== "/info/refs" && by !== undefined) {
      await take(repository, by);
    }
    return answer;
  }

  /** Takes over what was pushed, and sends the webhooks; nobody who pushes waits for those. */
  async function take(repository: RepositoryRecord, by: AccountRecord): Promise<void> {
    const emitted: RepositoryEvent[] = [];
    const where = { ...parts, emit: (event: RepositoryEvent) => void emitted.push(event) };
    for (const { branch, after } of await store.changes(repository)) {
      if (after === undefined) removeBranch(where, repository, branch);
      else moveBranch(where, repository, branch, after);
    }
    void sendWebhooks(emitted, by, parts);
  }

  async function respond(ask: GitAsk, message: IncomingMessage): Promise<Answer> {
    const { owner, repo, service } = ask;
    const { state } = parts;
    const actor = actorOf(message.headers.authorization, parts);
    const found = findRepository(state, { owner, repo });
    const repository = found ?? findFormer(state, { owner, repo });
    const refusal = refusalOfGit({ service, repository }, actor, parts);
    if (refusal !== undefined) return refusal;
    if (repository === undefined) throw new Error("Who sees nothing gets nothing");
    if (repository !== found) return moved(repository, ask, parts);
    const by = typeof actor === "string" ? undefined : findAccount(state, actor.login);
    return turns.take(repository, () => serve(repository, ask, { message, by }));
  }

  return {
    store,
    lfs,
    read(message) {
      const actor = actorOf(message.headers.authorization, parts);
      const by = typeof actor === "string" ? actor : actor.login;
      const ask = gitAskOf(message);
      if (ask === undefined) return readLfs(message, { lfs, parts, by });
      const path = `/${ask.owner}/${ask.repo}.git${ask.path}`;
      return { path, query: ask.query, by, perform: () => respond(ask, message) };
    },
    async close() {
      await turns.over();
      await store.close();
    },
  };
}

/** GitHub leads from a former name to the current one. */
function moved(repository: RepositoryRecord, { path, query }: GitAsk, { host }: Parts): Answer {
  const location = `http://${host}/${fullName(repository)}.git${path}${query}`;
  return { status: 301, headers: { location }, body: Buffer.of() };
}
