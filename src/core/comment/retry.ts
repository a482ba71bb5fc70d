import type { DenialReason } from "../task/denial.ts";
import { codeName } from "../text/quote.ts";
import type { CommentView } from "./view.ts";

/**
 * How to ask for a task again, e.g. `` comment `/copilot retry 0b4f9bd6` ``.
 *
 * @param isLabelOff whether the label was removed already
 */
export function waysToRetry({ id, label, canBeRetried }: CommentView, isLabelOff = false): string {
  if (canBeRetried) {
    const retry = `comment \`/copilot retry ${id}\``;
    if (label === null) return retry;
    return `${retry}, or ${isLabelOff ? "add the label again" : "remove and re-add the label"}`;
  }
  if (label === null) return "write your command again in a new comment";
  return isLabelOff
    ? `add the label ${codeName(label)} again`
    : `remove the label ${codeName(label)} and add it again`;
}

/**
 * Whether a refusal ends with how to ask again: it does where something can change that the sentence names. Who isn't
 * let in, or is to ask in another way, gains nothing from asking the same again.
 */
const PASSES: Record<DenialReason, boolean> = {
  no_permission: false,
  denied_by_name: false,
  app_not_trusted: false,
  copilot_account: false,
  not_on_the_list: false,
  unknown_command: false,
  misplaced_command: false,
  subject_closed: false,
  fork: false,
  branch_not_eligible: false,
  self_hosting_fork: false,
  team_missing: true,
  teams_unreadable: true,
  policy_wrong: true,
  repository_archived: true,
  repository_empty: true,
  subject_locked: true,
  fork_without_ok: true,
  branch_missing: true,
  cannot_connect: true,
  no_bot_account: true,
  cloud_not_allowed: true,
  self_hosting_off: true,
  self_hosting_repository: true,
  self_hosting_egress: true,
  over_limit: true,
};

/** How to ask again after a refusal, once what it names has changed; lines behind others, none where that's no help. */
export function againLines(view: CommentView, reason: DenialReason): string[] {
  return PASSES[reason] ? ["", `After that, ${waysToRetry(view)}.`] : [];
}
