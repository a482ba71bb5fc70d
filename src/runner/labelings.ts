import { NOT_GITHUBS, passes, pauseAfter } from "../core/github/trouble.ts";
import { blobsOf } from "../core/access/policy-blobs.ts";
import { triggerLabels } from "../core/policy/trigger-labels.ts";
import type { GitHub } from "../ports/github.ts";
import type { Labeling, LabelingResult, Labelings } from "../ports/labelings.ts";
import type { RepositoryLabels } from "../ports/labels.ts";
import type { Log } from "../ports/log.ts";
import type { PolicyFileSource, PolicyFilesThere } from "../ports/policies-in-force.ts";
import { workOff } from "./lease/work-off.ts";
import type { PolicySightings } from "./policy-sightings.ts";
import type { Policies } from "./receive/policies.ts";

/** What labels are created with. */
export interface LabelingPorts {
  readonly labelings: Labelings;
  readonly sightings: Pick<PolicySightings, "pending" | "stored">;
  readonly policyFiles: PolicyFileSource;
  readonly policies: Pick<Policies, "read">;
  readonly labels: RepositoryLabels;
  readonly troubleOf: GitHub["troubleOf"];
  readonly log: Log;
  readonly now: () => Date;
  /** From 0 to 1. */
  readonly chance: () => number;
  /** Before GitHub is asked again; later pauses are longer. In milliseconds. */
  readonly againMs: number;
  /** For GitHub to grant what it refuses, in milliseconds. */
  readonly giveUpMs: number;
}

/**
 * Creates the labels that start tasks wherever they're due. Each label is created once: whoever takes a repository looks
 * at its labels first, and GitHub refuses one that exists.
 */
export async function doLabelings(ports: LabelingPorts, signal: AbortSignal): Promise<void> {
  const { labelings, sightings } = ports;
  for (const sighting of sightings.pending()) {
    await labelings.notice(sighting);
    sightings.stored(sighting);
  }
  const take = () => labelings.take();
  const carryOut = (labeling: Labeling) => labelRepository(ports, labeling);
  const broken = (labeling: Labeling, error: unknown) => refused(ports, labeling, error);
  await workOff({ take, carryOut, broken }, signal);
}

async function labelRepository(ports: LabelingPorts, labeling: Labeling): Promise<void> {
  const { labelings, policyFiles, policies } = ports;
  const { repositoryId: id, owner, repository: name, installationId } = labeling;
  const there = await policyFiles.find({ id, owner, name }, installationId);
  if (there === null) return labelings.remove(labeling);
  const blobs = blobsOf(there.policy);
  const settle = (result: LabelingResult) => labelings.settle(labeling, result, blobs);
  if (isSame(labeling, blobs)) return settle("unchanged");
  if (there.isArchived) return settle("archived");
  const reading = policies.read({ place: { owner, repository: name } }, there);
  if (reading.type === "problems") return settle("policy_problems");
  if (!reading.policy.createLabels) return settle("off");
  return createMissing(ports, labeling, there, reading.policy);
}

async function createMissing(
  { labelings, labels, log }: LabelingPorts,
  labeling: Labeling,
  { policy: files }: PolicyFilesThere,
  policy: Parameters<typeof triggerLabels>[0],
): Promise<void> {
  const { owner, repository: name, installationId } = labeling;
  const address = { owner, name };
  const names = await labels.names(address, installationId);
  const missing = triggerLabels(policy, names ?? []).filter(({ exists }) => !exists);
  let created = 0;
  for (const label of names === null ? [] : missing) {
    if ((await labelings.intend(labeling)) !== "go") return;
    const outcome = await labels.create(address, installationId, label);
    if (outcome === "not_permitted") {
      const repositories = await labelings.refuseAll(labeling);
      log.warn({ ...placeOf(labeling), repositories }, "labels not created: not permitted");
      return;
    }
    if (outcome === "refused") return refuse({ labelings, log }, labeling);
    if (outcome === "created") created += 1;
  }
  if (names === null) return refuse({ labelings, log }, labeling);
  await labelings.settle(labeling, "created", blobsOf(files));
  log.info({ ...placeOf(labeling), labels: created }, "labels created");
}

async function refuse(
  { labelings, log }: Pick<LabelingPorts, "labelings" | "log">,
  labeling: Labeling,
): Promise<void> {
  log.warn(placeOf(labeling), "labels not created: GitHub refused");
  await labelings.settle(labeling, "refused", null);
}

function isSame(
  labeling: Pick<Labeling, "repositoryBlob" | "organizationBlob">,
  { repositoryBlob, organizationBlob }: ReturnType<typeof blobsOf>,
): boolean {
  return (
    labeling.repositoryBlob === repositoryBlob && labeling.organizationBlob === organizationBlob
  );
}

/** For what GitHub refuses now to one repository, it would refuse to all of the installation: they wait, too. */
async function refused(ports: LabelingPorts, labeling: Labeling, err: unknown): Promise<void> {
  const { labelings, troubleOf, log, now, chance, againMs, giveUpMs } = ports;
  const trouble = troubleOf(err);
  if (!passes(trouble)) {
    log.warn(
      { ...placeOf(labeling), trouble: trouble?.type },
      "labels not created: GitHub refused",
    );
    return labelings.settle(labeling, "refused", null);
  }
  log.warn({ ...placeOf(labeling), err }, "labels not created yet");
  if (now().getTime() - Date.parse(labeling.triedAt) > giveUpMs) {
    return labelings.settle(labeling, "given_up", null);
  }
  const pause = pauseAfter(trouble ?? NOT_GITHUBS, labeling.refusals + 1, chance(), againMs);
  const until = new Date(now().getTime() + pause);
  const isAboutAll = trouble !== null && trouble.type !== "conflict";
  return labelings.postpone(labeling, until, isAboutAll ? "installation" : "repository");
}

function placeOf({ installationId, repositoryId }: Labeling) {
  return { installationId, repositoryId };
}
