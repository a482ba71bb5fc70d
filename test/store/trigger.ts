import type { Trigger } from "../../src/core/webhook/trigger.ts";
import type { TriggerLayer } from "../core/task.ts";
import { FROM_PAGE, LABEL_TRIGGER, layered } from "../core/task.ts";

const LABELLED = layered(LABEL_TRIGGER, { trigger: { deliveryId: "delivery-1" } });

/** A label on issue 7, by default. */
export function labeled(changes: TriggerLayer = {}): Trigger {
  return layered(LABELLED, changes);
}

/** A command in the comment with this number, which came with a delivery of the same number. */
export function commanded(comment: number, changes: TriggerLayer = {}): Trigger {
  const { at } = LABELLED.trigger;
  const command: Trigger["trigger"] = {
    type: "command",
    name: "triage",
    place: "issue_comment",
    commentId: comment,
    misplaced: null,
    viaApp: null,
    instructions: "",
    deliveryId: `delivery-${comment}`,
    eventKey: `issue_comment:1296269:${comment}`,
    at,
  };
  return layered({ ...LABELLED, trigger: command }, changes);
}

/** A command from a page, which came with this delivery. */
export function fromPage(deliveryId: string): Trigger {
  const trigger = { ...FROM_PAGE.trigger, at: LABELLED.trigger.at };
  return { ...LABELLED, trigger: { ...trigger, deliveryId, eventKey: `page:${deliveryId}` } };
}
