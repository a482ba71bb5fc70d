import type { Rate } from "./limits.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import type { PolicySettings } from "./schema.ts";
import type { ShownValue } from "./shown-value.ts";
import { asWritten, inWords } from "./shown-value.ts";
import type { Said, Settling, Tighten } from "./sources.ts";
import { asOrganizationSays, firstIn, smaller } from "./sources.ts";
import type { Files } from "./triggers.ts";

type Choice<Key extends keyof PolicySettings> = NonNullable<PolicySettings[Key]>;

function saidIn<Value>(
  { organization, repository }: Files,
  builtIn: Value,
  pick: (settings: PolicySettings) => Value | undefined,
): Said<Value> {
  return { builtIn, organization: pick(organization), repository: pick(repository) };
}

/** The settings that are one value each. */
export type Choices = Readonly<ReturnType<typeof settleChoices>>;

/** Settles them. */
export function settleChoices(files: Files, { settle }: Settling) {
  return {
    forks: settle(
      ["forks"],
      saidIn<Choice<"forks">>(files, "deny", ({ forks }) => forks),
      firstIn(["deny", "allow-after-ok", "base"]),
      asWritten,
    ),
    /** `trusted`: comments by people without write access are left out of the prompt. */
    context: settle(
      ["context"],
      saidIn<Choice<"context">>(files, "trusted", ({ context }) => context),
      firstIn(["trusted", "all"]),
      asWritten,
    ),
    permissionsPolicy: settle(
      ["permissions_policy"],
      saidIn<Choice<"permissions_policy">>(
        files,
        "ask",
        ({ permissions_policy: policy }) => policy,
      ),
      firstIn(["ask", "deny-writes-to-default-branch", "approve"]),
      asWritten,
    ),
    steering: settle(
      ["steering"],
      saidIn<Choice<"steering">>(files, "owner", ({ steering }) => steering),
      firstIn(["owner", "writers"]),
      asWritten,
    ),
    onClose: settle(
      ["on_close"],
      saidIn<Choice<"on_close">>(files, "keep", ({ on_close: onClose }) => onClose),
      asOrganizationSays,
      asWritten,
    ),
    checkRun: settle(
      ["check_run"],
      saidIn(files, false, ({ check_run: checkRun }) => checkRun),
      asOrganizationSays,
      asWritten,
    ),
    qr: settle(
      ["qr"],
      saidIn(files, true, ({ qr }) => qr),
      // Each code can be seen by whoever has its address, without signing in.
      firstIn([false, true]),
      asWritten,
    ),
    createLabels: settle(
      ["create_labels"],
      saidIn(files, true, ({ create_labels: createLabels }) => createLabels),
      firstIn([false, true]),
      asWritten,
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
      asOrganizationSays,
      showIssueBranch,
    ),
  };
}

type Lists = readonly (readonly string[])[];

function bothLists(organization: Lists, repository: Lists): Lists {
  const known = new Set(organization.map((list) => JSON.stringify(list)));
  return [...organization, ...repository.filter((list) => !known.has(JSON.stringify(list)))];
}

/** The lists of patterns in words. */
export function showEligible(lists: Lists): ShownValue {
  return lists.length === 0 ? inWords("every branch") : { type: "lists", lists, empty: "none" };
}

/** The branch for issues, for people. */
export function showIssueBranch(branch: string | null): ShownValue {
  return branch === null ? inWords("the default branch") : asWritten(branch);
}

/** What the organization doesn't say, a repository may raise. */
const smallerWhereSaid: Tighten<number | null> = (organization, repository, said) =>
  said.organization === undefined ? repository : smaller(organization, repository);

/** How many tasks may be started, and how many run at once. */
export function settleLimits(files: Files, { settle }: Settling) {
  const rate = (scope: "requester" | "repository" | "organization"): Rate => {
    const limit = (per: keyof Rate) =>
      settle(
        ["limits", scope, per],
        saidIn(files, DEFAULT_LIMITS[scope][per], ({ limits }) => limits?.[scope]?.[per]),
        smallerWhereSaid,
        showLimit,
      );
    return { hour: limit("hour"), day: limit("day") };
  };
  return {
    requester: rate("requester"),
    repository: rate("repository"),
    organization: rate("organization"),
    atOnce: settle(
      ["limits", "at_once"],
      saidIn(files, DEFAULT_LIMITS.atOnce, ({ limits }) => limits?.at_once),
      smallerWhereSaid,
      showLimit,
    ),
  };
}

/** Of which changes the requester is notified. */
export function settleNotify(files: Files, { settle }: Settling) {
  const flag = (name: "waiting" | "failed" | "completed", builtIn: boolean) =>
    settle(
      ["notify", name],
      saidIn(files, builtIn, ({ notify }) => notify?.[name]),
      // Tighter is to hear more: a repository can't keep anything quiet.
      (organization, repository) => organization || repository,
      asWritten,
    );
  return {
    waiting: flag("waiting", true),
    failed: flag("failed", true),
    completed: flag("completed", false),
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

/** Through which Apps people may write commands. */
export function settleTrustedApps(files: Files, { settle }: Settling): readonly string[] {
  return settle(
    ["trusted_apps"],
    saidIn<readonly string[]>(files, [], ({ trusted_apps: apps }) => apps && [...new Set(apps)]),
    (organization, repository) => organization.filter((app) => repository.includes(app)),
    showApps,
  );
}

/** Slugs of Apps in words. */
export function showApps(apps: readonly string[]): ShownValue {
  return { type: "lists", lists: [apps], empty: "none" };
}

/** A limit in words. */
export function showLimit(limit: number | null): ShownValue {
  return limit === null ? inWords("no limit") : asWritten(limit);
}

/** Which labels the bot adds and removes. */
export function settleLabelsAfter(files: Files, { settle }: Settling) {
  const { organization } = files;
  const label = (name: "running" | "failed", other: "running" | "failed") =>
    settle(
      ["labels_after", name],
      saidIn<string | null>(files, null, ({ labels_after: labels }) => labels?.[name]),
      (base, repository, said) => {
        // The organization's label for the other case leaves this one no room.
        const taken = organization.labels_after?.[other]?.toLowerCase();
        const wanted = asOrganizationSays(base, repository, said);
        return wanted?.toLowerCase() === taken && said.organization === undefined ? base : wanted;
      },
      showLabel,
    );
  return {
    removeTrigger: settle(
      ["labels_after", "remove_trigger"],
      saidIn(files, false, ({ labels_after: labels }) => labels?.remove_trigger),
      asOrganizationSays,
      asWritten,
    ),
    running: label("running", "failed"),
    failed: label("failed", "running"),
  };
}

/** A label that the bot sets, in words. */
export function showLabel(label: string | null): ShownValue {
  return label === null ? inWords("none") : asWritten(label);
}
