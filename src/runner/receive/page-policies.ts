import { setTimeout as sleep } from "node:timers/promises";
import { LRUCache } from "lru-cache";
import type { PagePolicy } from "../../core/page/steering.ts";
import type { FileOwner, Policy } from "../../core/policy/policy.ts";
import { mergePolicies } from "../../core/policy/policy.ts";
import { readPolicyFile } from "../../core/policy/read.ts";
import { POLICY_PATH } from "../../core/policy/schema.ts";
import type { Task } from "../../core/task/task.ts";
import type { GitHub } from "../../ports/github.ts";
import type { Log } from "../../ports/log.ts";
import type { PagePolicies } from "../../ports/page-policies.ts";

interface Parts {
  readonly github: Pick<GitHub, "text">;
  readonly now: () => Date;
  readonly log: Pick<Log, "warn">;
  /** How long a page waits for GitHub, in milliseconds. */
  readonly waitMs?: number;
}

/** In milliseconds: what GitHub said, or didn't say, holds for so long. */
const REMEMBERED_MS = 60_000;
/** Repositories. */
const MAX_POLICIES = 500;
const WAIT_MS = 2_000;

const UNKNOWN: PagePolicy = { type: "unknown" };

/** Reads both policy files with two requests in a minute for each repository, however many people look at its tasks. */
export function createPagePolicies({ github, now, log, waitMs = WAIT_MS }: Parts): PagePolicies {
  const known = new LRUCache<
    number,
    { readonly askedAt: number; readonly answer: Promise<PagePolicy> }
  >({ max: MAX_POLICIES });

  async function read(task: Task): Promise<PagePolicy> {
    try {
      const textOf = (of: FileOwner) => github.text(task, of, POLICY_PATH);
      const texts = await Promise.all([textOf("organization"), textOf("repository")]);
      const policy = policyIn(...texts);
      return policy === null ? { type: "problems" } : { type: "policy", policy };
    } catch (err) {
      log.warn({ err, taskId: task.id }, "policy can't be read for a task's page");
      return UNKNOWN;
    }
  }

  return {
    async policyFor(task) {
      const { repositoryId } = task.place;
      const askedAt = now().getTime();
      const last = known.get(repositoryId);
      const isFresh = last !== undefined && askedAt - last.askedAt < REMEMBERED_MS;
      const answer = isFresh ? last.answer : read(task);
      if (!isFresh) known.set(repositoryId, { askedAt, answer });
      const tooLate = sleep(waitMs, UNKNOWN, { ref: false });
      return Promise.race([answer, tooLate]);
    },
  };
}

/** Null where something is wrong in a file, or in both together. */
function policyIn(organization: string | null, repository: string | null): Policy | null {
  const files = [fileIn(organization, "organization"), fileIn(repository, "repository")] as const;
  const [defaults, own] = files;
  if (defaults === "problems" || own === "problems") return null;
  const merged = mergePolicies({ organization: defaults, repository: own });
  return merged.type === "policy" ? merged.policy : null;
}

function fileIn(text: string | null, of: FileOwner) {
  if (text === null) return null;
  const reading = readPolicyFile(text, of);
  return reading.type === "file" ? reading.file : reading.type;
}
