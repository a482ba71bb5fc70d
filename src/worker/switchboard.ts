import { isThere } from "../core/worker/machine.ts";
import type { CallLetter } from "../core/worker/messages.ts";
import { noticeLetterSchema } from "../core/worker/messages.ts";
import type { HostedRow, HostingRows, Mail, WorkerRow, WorkerRows } from "../ports/hosting-rows.ts";
import type { Log } from "../ports/log.ts";
import { WorkerConnection } from "./worker-connection.ts";
import type { Post } from "./post.ts";
import { openPost } from "./post.ts";
import { isSilenceKnown, LOOK_MS } from "./presence.ts";

/** This process' connections to sessions on workers. */
export interface Switchboard {
  /** Opens a connection with the number that the row has; an earlier one of this process to the same session ends. */
  connect(row: Pick<HostedRow, "id" | "fence">): WorkerConnection;
  /** From now on the connection ends when its worker is gone. */
  watch(connection: WorkerConnection): void;
  wake(): void;
  close(): Promise<void>;
}

interface Options {
  readonly rows: HostingRows;
  readonly workers: WorkerRows;
  readonly mail: Mail;
  /** The address of this process. */
  readonly client: string;
  readonly log: Pick<Log, "error">;
}

/** How long a process that ends waits for its last letters to be sent, in milliseconds. */
const LAST_LETTERS_MS = 2_000;

/** Connects this process to workers, by letters in the database. */
export function openSwitchboard(options: Options): Switchboard {
  const { client, mail, log } = options;
  const connections = new Map<string, WorkerConnection>();
  const watched = new Set<WorkerConnection>();
  const post: Post = openPost({ mail, address: client, log, onLetter });
  const send = (recipient: string, letter: CallLetter) => post.send(recipient, letter);

  function onLetter(content: unknown): void {
    const letter = noticeLetterSchema.safeParse(content).data;
    if (letter === undefined) return log.error({}, "a worker sent something that can't be read");
    const connection = connections.get(letter.sessionId);
    if (connection?.fence === letter.fence) connection.receive(letter.notice);
  }

  const looks = startLooks(options, watched);
  return {
    connect({ id, fence }) {
      connections.get(id)?.end();
      const connection: WorkerConnection = new WorkerConnection({
        sessionId: id,
        fence,
        client,
        send,
        onEnd() {
          watched.delete(connection);
          if (connections.get(id) === connection) connections.delete(id);
        },
      });
      connections.set(id, connection);
      return connection;
    },
    watch: (connection) => void watched.add(connection),
    wake: () => post.wake(),
    async close() {
      looks.stop();
      for (const connection of connections.values()) connection.end();
      await post.flush(LAST_LETTERS_MS);
      post.stop();
    },
  };
}

/** Ends the connections to workers that are gone. */
function startLooks({ workers }: Options, watched: ReadonlySet<WorkerConnection>) {
  let reachableSince = performance.now();
  let isLooking = false;

  async function look(): Promise<void> {
    if (isLooking || watched.size === 0) return;
    isLooking = true;
    try {
      const there = (await workers.all()).filter(isThere).map(({ process }) => process);
      if (isSilenceKnown(performance.now() - reachableSince)) endAllBut(there, watched);
    } catch {
      reachableSince = performance.now();
    } finally {
      isLooking = false;
    }
  }

  const timer = setInterval(() => void look(), LOOK_MS).unref();
  return { stop: () => clearInterval(timer) };
}

function endAllBut(
  there: readonly WorkerRow["process"][],
  watched: ReadonlySet<WorkerConnection>,
): void {
  for (const connection of watched) {
    if (!there.includes(connection.process ?? "")) connection.end();
  }
}
