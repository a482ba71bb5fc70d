import { LRUCache } from "lru-cache";
import type { Survey } from "../core/access/survey.ts";
import { blobsOf } from "../core/access/policy-blobs.ts";
import type { PolicySighting } from "../ports/labelings.ts";

/** Policies that tasks and pages have read, until the database knows of them. */
export interface PolicySightings {
  /** Takes no time: whoever reads a policy waits for nothing. */
  see(place: PolicySighting["place"], policy: Survey["policy"]): void;
  /** What the database doesn't know yet. */
  pending(): readonly PolicySighting[];
  /** The database knows it. */
  stored(sighting: PolicySighting): void;
}

/** Of so many repositories, what the database knows is remembered. */
const MAX_REMEMBERED = 10_000;
/** Others are seen again. */
const MAX_PENDING = 1_000;

/** Remembers which policies were seen. */
export function createPolicySightings(): PolicySightings {
  const known = new LRUCache<number, string>({ max: MAX_REMEMBERED });
  const pending = new Map<number, PolicySighting>();

  return {
    see(place, policy) {
      const sighting = { place, ...blobsOf(policy) };
      const { repositoryId } = place;
      if (known.get(repositoryId) === textOf(sighting)) pending.delete(repositoryId);
      else if (pending.size < MAX_PENDING) pending.set(repositoryId, sighting);
    },
    pending: () => [...pending.values()],
    stored(sighting) {
      const { repositoryId, ownerId } = sighting.place;
      // Whoever doesn't know the account can't have the repository noted.
      if (ownerId !== null) known.set(repositoryId, textOf(sighting));
      if (pending.get(repositoryId) === sighting) pending.delete(repositoryId);
    },
  };
}

function textOf({ place, repositoryBlob, organizationBlob }: PolicySighting): string {
  return `${place.installationId} ${repositoryBlob} ${organizationBlob}`;
}
