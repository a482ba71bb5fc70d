import type { Trigger } from "../../src/core/trigger.ts";

const LABELLED: Trigger = {
  type: "trigger",
  deliveryId: "delivery-1",
  eventKey: "label:1296269:7:copilot:triage:2026-11-21T12:00:00Z",
  subjectKey: "label:1296269:7:copilot:triage",
  triggeredAt: "2026-11-21T12:00:00.000Z",
  triggerLabel: "copilot:triage",
  command: null,
  commandPlace: null,
  commandCommentId: null,
  instructions: "",
  requester: "octocat",
  requesterId: 583_231,
  installationId: 31,
  repositoryId: 1_296_269,
  ownerId: 9_919,
  owner: "octo-org",
  repository: "hello",
  subjectType: "issue",
  subjectNumber: 7,
};

/** A label on issue 7, where the changes do not say otherwise. */
export function labelled(changes: Partial<Trigger> = {}): Trigger {
  return { ...LABELLED, ...changes };
}

/** A command in the comment with this number, which came with a delivery of the same number. */
export function commanded(comment: number, changes: Partial<Trigger> = {}): Trigger {
  return {
    ...LABELLED,
    deliveryId: `delivery-${comment}`,
    eventKey: `issue_comment:1296269:${comment}`,
    subjectKey: null,
    triggerLabel: null,
    command: "triage",
    commandPlace: "issue_comment",
    commandCommentId: comment,
    ...changes,
  };
}
