import type { PolicySettings } from "./schema.ts";
import type { Said, Settling } from "./sources.ts";
import { asOrganisationSays, firstIn, smaller } from "./sources.ts";
import type { Files } from "./triggers.ts";

/** How many tasks may be started in any hour and in any 24 hours; null is no limit. */
export interface Rate {
  readonly hour: number | null;
  readonly day: number | null;
}

type Choice<Key extends keyof PolicySettings> = NonNullable<PolicySettings[Key]>;

function saidIn<Value>(
  { organisation, repository }: Files,
  builtIn: Value,
  pick: (settings: PolicySettings) => Value | undefined,
): Said<Value> {
  return { builtIn, organisation: pick(organisation), repository: pick(repository) };
}

/** The settings that are one value each. */
export function settleChoices(files: Files, { settle }: Settling) {
  return {
    forks: settle(
      ["forks"],
      saidIn<Choice<"forks">>(files, "deny", ({ forks }) => forks),
      firstIn(["deny", "allow-after-ok", "base"]),
      String,
    ),
    context: settle(
      ["context"],
      saidIn<Choice<"context">>(files, "trusted", ({ context }) => context),
      firstIn(["trusted", "all"]),
      String,
    ),
    permissionsPolicy: settle(
      ["permissions_policy"],
      saidIn<Choice<"permissions_policy">>(
        files,
        "ask",
        ({ permissions_policy: policy }) => policy,
      ),
      firstIn(["ask", "deny-writes-to-default-branch", "approve"]),
      String,
    ),
    onClose: settle(
      ["on_close"],
      saidIn<Choice<"on_close">>(files, "keep", ({ on_close: onClose }) => onClose),
      asOrganisationSays,
      String,
    ),
    checkRun: settle(
      ["check_run"],
      saidIn(files, false, ({ check_run: checkRun }) => checkRun),
      asOrganisationSays,
      String,
    ),
  };
}

/** Which branches are eligible, and which one issues are worked on. */
export function settleBranches(files: Files, { settle }: Settling) {
  const eligible = saidIn<readonly (readonly string[])[]>(files, [], ({ branches }) =>
    branches?.eligible === undefined ? undefined : [[...new Set(branches.eligible)]],
  );
  return {
    eligible: settle(["branches", "eligible"], eligible, bothLists, showEligible),
    issues: settle(
      ["branches", "issues"],
      saidIn<string | null>(files, null, ({ branches }) => branches?.issues),
      asOrganisationSays,
      (branch) => branch ?? "the default branch",
    ),
  };
}

type Lists = readonly (readonly string[])[];

function bothLists(organisation: Lists, repository: Lists): Lists {
  const known = new Set(organisation.map((list) => JSON.stringify(list)));
  return [...organisation, ...repository.filter((list) => !known.has(JSON.stringify(list)))];
}

/** The lists of patterns in words. */
export function showEligible(lists: Lists): string {
  return lists.map((list) => list.join(", ")).join(" – and among them – ") || "every branch";
}

/** How many tasks may be started, and how many run at once. */
export function settleLimits(files: Files, { settle }: Settling) {
  const rate = (scope: "requester" | "repository" | "organisation"): Rate => {
    const limit = (per: keyof Rate) =>
      settle(
        ["limits", scope, per],
        saidIn<number | null>(files, null, ({ limits }) => limits?.[scope]?.[per]),
        smaller,
        showLimit,
      );
    return { hour: limit("hour"), day: limit("day") };
  };
  return {
    requester: rate("requester"),
    repository: rate("repository"),
    organisation: rate("organisation"),
    atOnce: settle(
      ["limits", "at_once"],
      saidIn<number | null>(files, null, ({ limits }) => limits?.at_once),
      smaller,
      showLimit,
    ),
  };
}

/** What one session may use. */
export function settleSessionLimits(files: Files, { settle }: Settling) {
  return {
    aiCredits: settle(
      ["session_limits", "ai_credits"],
      saidIn<number | null>(files, null, ({ session_limits: limits }) => limits?.ai_credits),
      smaller,
      showLimit,
    ),
  };
}

/** A limit in words. */
export function showLimit(limit: number | null): string {
  return limit === null ? "no limit" : String(limit);
}

/** Which labels the bot sets and takes off. */
export function settleLabelsAfter(files: Files, { settle }: Settling) {
  const { organisation } = files;
  const label = (name: "running" | "failed", other: "running" | "failed") =>
    settle(
      ["labels_after", name],
      saidIn<string | null>(files, null, ({ labels_after: labels }) => labels?.[name]),
      (base, repository, said) => {
        // The organisation's label for the other case leaves this one no room.
        const taken = organisation.labels_after?.[other]?.toLowerCase();
        const wanted = asOrganisationSays(base, repository, said);
        return wanted?.toLowerCase() === taken && said.organisation === undefined ? base : wanted;
      },
      showLabel,
    );
  return {
    removeTrigger: settle(
      ["labels_after", "remove_trigger"],
      saidIn(files, false, ({ labels_after: labels }) => labels?.remove_trigger),
      asOrganisationSays,
      String,
    ),
    running: label("running", "failed"),
    failed: label("failed", "running"),
  };
}

/** A label that the bot sets, in words. */
export function showLabel(label: string | null): string {
  return label ?? "none";
}
