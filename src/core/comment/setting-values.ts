import { showAllow, showPeople } from "../policy/permissions.ts";
import { showByKind, showIdentity } from "../policy/by-kind.ts";
import { showRunsOn, showWords } from "../policy/hosting-sections.ts";
import type { Policy } from "../policy/policy.ts";
import {
  showApps,
  showEligible,
  showIssueBranch,
  showLabel,
  showLimit,
} from "../policy/sections.ts";
import type { ShownValue } from "../policy/shown-value.ts";
import { asWritten } from "../policy/shown-value.ts";
import { showCommand, showPrompt } from "../policy/triggers.ts";
import { harmlessWords } from "./help.ts";

/** Puts anybody's text into code, so that it mentions nobody and formats nothing. */
type Code = (text: string) => string;

/** The most characters of a list: a setting is a line of a list or a table. */
const MAX_LIST = 300;

/**
 * A setting's value in one line of Markdown: each item as code of its own, so that long lists wrap; the bot's words as
 * they are.
 */
export function shownValue(value: ShownValue, code: Code): string {
  switch (value.type) {
    case "code":
      return code(value.text);
    case "words":
      return value.text;
    case "lists":
      return value.lists
        .map((list) => itemsIn(list, code) || value.empty)
        .join(", and of these only ");
    case "command":
      return `${code(value.kind)}: ${harmlessWords(value.description.replace(/\.$/u, ""))}`;
    default:
      return value satisfies never;
  }
}

function itemsIn(list: readonly string[], code: Code): string {
  let left = MAX_LIST;
  const shown = list.map(code).filter((item) => {
    left -= item.length + 2;
    return left >= 0;
  });
  const more = list.length - shown.length;
  return [...shown, ...(more === 0 ? [] : [`and ${more} more`])].join(", ");
}

/** Each setting's value, by the names that the sources have too. */
export function valuesOf(policy: Policy): Map<string, ShownValue> {
  const { branches, labelsAfter, limits, sessionLimits } = policy;
  const scopes = ["requester", "repository", "organization"] as const;
  return new Map([
    ["forks", asWritten(policy.forks)],
    ["context", asWritten(policy.context)],
    ["permissions_policy", asWritten(policy.permissionsPolicy)],
    ["on_close", asWritten(policy.onClose)],
    ["check_run", asWritten(policy.checkRun)],
    ["qr", asWritten(policy.qr)],
    ["create_labels", asWritten(policy.createLabels)],
    ...Object.entries(policy.notify).map(([name, value]): [string, ShownValue] => [
      `notify.${name}`,
      asWritten(value),
    ]),
    ["branches.eligible", showEligible(branches.eligible)],
    ["branches.issues", showIssueBranch(branches.issues)],
    ...scopes.flatMap((scope): [string, ShownValue][] => [
      [`limits.${scope}.hour`, showLimit(limits[scope].hour)],
      [`limits.${scope}.day`, showLimit(limits[scope].day)],
    ]),
    ["limits.at_once", showLimit(limits.atOnce)],
    ["session_limits.ai_credits", showLimit(sessionLimits.aiCredits)],
    ...entriesOf("model", policy.model, showByKind),
    ...entriesOf("reasoning_effort", policy.reasoningEffort, showByKind),
    ...entriesOf("identity", policy.identity, showIdentity),
    ["steering", asWritten(policy.steering)],
    ...entriesOf("runs_on", policy.runsOn, showRunsOn),
    ...entriesOf("share", policy.share, asWritten),
    ...entriesOf("push", policy.push, asWritten),
    ["egress", showWords(policy.egress)],
    ["checkout", showWords(policy.checkout)],
    ["trusted_apps", showApps(policy.trustedApps)],
    ["labels_after.remove_trigger", asWritten(labelsAfter.removeTrigger)],
    ["labels_after.running", showLabel(labelsAfter.running)],
    ["labels_after.failed", showLabel(labelsAfter.failed)],
    ...entriesOf("labels", policy.labels, asWritten),
    ...entriesOf("commands", policy.commands, showCommand),
    ...entriesOf("prompts", policy.prompts, showPrompt),
    ...[...policy.permissions].flatMap(([kind, { label, command }]) =>
      Object.entries({ label, command }).flatMap(([trigger, rule]): [string, ShownValue][] => [
        [`permissions.${kind}.${trigger}.least`, asWritten(rule.least)],
        [`permissions.${kind}.${trigger}.allow`, showAllow(rule.allow)],
        [`permissions.${kind}.${trigger}.deny`, showPeople(rule.deny)],
      ]),
    ),
  ]);
}

function entriesOf<Value>(
  section: string,
  entries: ReadonlyMap<string, Value>,
  shown: (value: Value) => ShownValue,
): [string, ShownValue][] {
  return [...entries].map(([name, value]) => [`${section}.${name}`, shown(value)]);
}
