import { LRUCache } from "lru-cache";
import pTimeout, { TimeoutError } from "p-timeout";
import type { GitHub } from "../../ports/github.ts";
import type {
  PoliciesInForce,
  PolicyFileSource,
  PolicyFilesThere,
  RepositoryPolicy,
} from "../../ports/policies-in-force.ts";
import type { KnownRepository } from "../../ports/viewing.ts";
import { createPolicies } from "./policies.ts";

/** In milliseconds: for so long, pages show what GitHub said before. */
const REMEMBERED_MS = 60_000;
/** Over all viewers: what's asked for again when it has been forgotten. */
const MAX_REMEMBERED = 1_000;
/** For GitHub to answer, in milliseconds: somebody waits in front of a browser. */
const TIME_LIMIT_MS = 10_000;

interface Options {
  readonly source: PolicyFileSource;
  readonly github: Pick<GitHub, "text" | "troubleOf">;
  /** GitHub's, for links to files. */
  readonly origin: string;
  readonly now: () => Date;
}

const UNKNOWN: RepositoryPolicy = {
  defaultBranch: null,
  hasFile: false,
  reading: { type: "unknown" },
};

/** Reads policies for pages, as tasks do. What GitHub didn't say isn't remembered. */
export function createPoliciesInForce({ source, github, origin, now }: Options): PoliciesInForce {
  const policies = createPolicies(github, origin);
  const known = new LRUCache<
    number,
    { readonly policy: RepositoryPolicy | null; readonly until: number }
  >({ max: MAX_REMEMBERED });
  const asking = new Map<string, Promise<RepositoryPolicy | null>>();

  function policyOf(repository: KnownRepository, there: PolicyFilesThere): RepositoryPolicy {
    const place = { place: { owner: repository.owner, repository: repository.name } };
    const reading = policies.read(place, there);
    const { defaultBranch, policy } = there;
    const hasFile = policy.repository.file !== null;
    if (reading.type === "problems") {
      const hasOrganizationFile = (policy.organization?.file ?? null) !== null;
      return { defaultBranch, hasFile, reading: { ...reading, hasOrganizationFile } };
    }
    const isOrganizationVisible = policy.organization !== null;
    const files = policies.filesOf(place, there);
    return { defaultBranch, hasFile, reading: { ...reading, files, isOrganizationVisible } };
  }

  async function find(repository: KnownRepository, installationId: number | null) {
    try {
      const asked = source.find(repository, installationId);
      const there = await pTimeout(asked, { milliseconds: TIME_LIMIT_MS });
      const policy = there === null ? null : policyOf(repository, there);
      // Somebody who has just installed the App sees it on their next page.
      if (policy !== null || installationId === null) {
        known.set(repository.id, { policy, until: now().getTime() + REMEMBERED_MS });
      }
      return policy;
    } catch (error) {
      if (error instanceof TimeoutError || github.troubleOf(error) !== null) return UNKNOWN;
      throw error;
    }
  }

  return {
    of(repository, installationId) {
      const { id } = repository;
      const latest = known.get(id);
      const isEnough = latest?.policy !== null || installationId === null;
      if (latest !== undefined && isEnough && now().getTime() < latest.until) {
        return Promise.resolve(latest.policy);
      }
      const key = `${id} ${installationId}`;
      const shared =
        asking.get(key) ?? find(repository, installationId).finally(() => asking.delete(key));
      asking.set(key, shared);
      return shared;
    },
  };
}
