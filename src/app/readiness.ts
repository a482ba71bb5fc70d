import pTimeout from "p-timeout";
import type { Readiness } from "../http/health.ts";
import { createAvailability } from "../store/availability.ts";
import type { TaskStore } from "../ports/tasks.ts";
import type { Log } from "../ports/log.ts";
import type { Credentials } from "./credentials.ts";

interface Parts {
  readonly tasks: Pick<TaskStore, "checkWrite" | "undelivered">;
  readonly runtime: { status(): Readiness["runtime"] };
  readonly credentials: Pick<Credentials, "refused">;
  readonly log: Pick<Log, "info" | "error">;
  /** How long the database may take for each answer, in milliseconds. */
  readonly timeLimitMs?: number;
}

/** How the parts of this bot are doing, whatever the database does: it may hang. */
export function createReadiness(parts: Parts): () => Promise<Readiness> {
  const { tasks, runtime, credentials, log, timeLimitMs = 5_000 } = parts;
  const checkWrite = () => tasks.checkWrite();
  const availability = createAvailability({ checkWrite, log, timeLimitMs });

  async function undelivered(): Promise<Readiness["undelivered"]> {
    try {
      const asked = pTimeout(tasks.undelivered(null), { milliseconds: timeLimitMs });
      const { count, oldest } = await asked;
      // GitHub's words are not for everybody who may ask for this.
      return { count, since: oldest?.since ?? null, reason: oldest?.type ?? null };
    } catch {
      return null;
    }
  }

  return async () => {
    const isAvailable = await availability.isAvailable();
    return {
      store: isAvailable ? "ok" : "unavailable",
      runtime: runtime.status(),
      refused: credentials.refused(),
      undelivered: isAvailable ? await undelivered() : null,
    };
  };
}
