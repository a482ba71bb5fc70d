import { LRUCache } from "lru-cache";
import PQueue from "p-queue";
import { triggerLabels } from "../core/policy/trigger-labels.ts";
import type { PoliciesInForce } from "../ports/policies-in-force.ts";
import type { RepositoryLabels } from "../ports/labels.ts";
import type { InstalledApp } from "../ports/setup.ts";
import type { KnownRepository } from "../ports/viewing.ts";
import { LABELS_AT_ONCE } from "./pages/setup-page.ts";
import type { SetupRepository } from "./pages/setup-repositories.ts";

/** Of what was asked about repositories, at once. */
const MAX_AT_ONCE = 6;
const MAX_REMEMBERED = 1_000;

/** What the button has come to. */
export interface CreatedLabels {
  readonly labels: number;
  /** The repositories where GitHub refused them. */
  readonly failed: readonly string[];
}

interface Options {
  readonly policies: PoliciesInForce;
  readonly labels: RepositoryLabels;
}

/** The labels that start tasks in an installation's repositories, and the button that creates them. */
export interface SetupLabels {
  /** Each repository, with the labels that it needs. */
  look(installed: InstalledApp): Promise<readonly SetupRepository[]>;
  /** Creates what's missing, up to 20 labels. The same form, sent again, does it once. @param key of the form */
  create(installed: InstalledApp, key: string): Promise<CreatedLabels>;
  /** What the button has come to in this process; null when it hasn't. */
  outcomeOf(key: string): Promise<CreatedLabels> | null;
}

/** Looks for labels, and creates them. */
export function createSetupLabels({ policies, labels }: Options): SetupLabels {
  const begun = new LRUCache<string, Promise<CreatedLabels>>({ max: MAX_REMEMBERED });

  async function lookAt(repository: KnownRepository, installationId: number) {
    const policy = await policies.of(repository, installationId);
    const wanted = policy?.reading.type === "policy" ? policy.reading.policy : null;
    const names = wanted === null ? null : await labels.names(repository, installationId);
    return {
      name: `${repository.owner}/${repository.name}`,
      policy,
      labels: wanted === null || names === null ? null : triggerLabels(wanted, names),
    };
  }

  async function lookAtAll({ installation, repositories }: InstalledApp) {
    const queue = new PQueue({ concurrency: MAX_AT_ONCE });
    return queue.addAll(repositories.map((one) => () => lookAt(one, installation.id)));
  }

  async function create(installed: InstalledApp): Promise<CreatedLabels> {
    const looked = await lookAtAll(installed);
    const missing = looked.flatMap(({ labels: all }, index) =>
      (all ?? []).filter(({ exists }) => !exists).map((label) => ({ label, index })),
    );
    const failed = new Set<string>();
    let created = 0;
    for (const { label, index } of missing.slice(0, LABELS_AT_ONCE)) {
      const repository = installed.repositories[index];
      if (repository === undefined || failed.has(looked[index]?.name ?? "")) continue;
      const outcome = await labels.create(repository, installed.installation.id, label);
      if (outcome === "created") created += 1;
      if (outcome === "refused" || outcome === "not_permitted")
        failed.add(looked[index]?.name ?? "");
    }
    return { labels: created, failed: [...failed] };
  }

  return {
    look: lookAtAll,
    create(installed, key) {
      const known = begun.get(key);
      if (known !== undefined) return known;
      const creating = create(installed);
      begun.set(key, creating);
      // What broke off can be tried again.
      creating.catch(() => begun.delete(key));
      return creating;
    },
    outcomeOf: (key) => begun.get(key) ?? null,
  };
}
