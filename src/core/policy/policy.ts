import picomatch from "picomatch";
import type { CheckoutPart, PushPolicy, Sharing } from "./hosting-terms.ts";
import { settleByKind, settleIdentity } from "./by-kind.ts";
import { gapsIn } from "./gaps.ts";
import type { RunsOn } from "./hosting-sections.ts";
import {
  settleCheckout,
  settleEgress,
  settlePush,
  settleRunsOn,
  settleSharing,
} from "./hosting-sections.ts";
import type { Limits } from "./limits.ts";
import type { MergeProblem } from "./check.ts";
import { checkTogether, withoutLost } from "./check.ts";
import type { Permission, Permissions, TriggerType } from "./permissions.ts";
import { settlePermissions } from "./permissions.ts";
import type { PolicyFile } from "./read.ts";
import { sentenceOn } from "./renamed.ts";
import type { PolicySettings, Section } from "./schema.ts";
import { SECTIONS } from "./schema.ts";
import type { Choices } from "./sections.ts";
import {
  settleBranches,
  settleChoices,
  settleLabelsAfter,
  settleLimits,
  settleNotify,
  settleSessionLimits,
  settleTrustedApps,
} from "./sections.ts";
import type { Sources } from "./sources.ts";
import { beginSettling } from "./sources.ts";
import type { Files, PolicyCommand, PromptSource } from "./triggers.ts";
import { settleCommands, settleLabels, settlePrompts } from "./triggers.ts";
import type { IdentityChoice } from "./identity-choice.ts";

export type { MergeProblem } from "./check.ts";
export type { People, Permission, Permissions, TriggerType } from "./permissions.ts";
export type { FileOwner, Source, Sources } from "./sources.ts";
export type { PolicyCommand, PromptSource } from "./triggers.ts";

/** All that is in force for one repository: built in, the organization's file and the repository's. */
export interface Policy extends Choices {
  /** Kind by label. The labels are in small letters: look them up with `kindOfLabel`. */
  readonly labels: ReadonlyMap<string, string>;
  /** By name. */
  readonly commands: ReadonlyMap<string, PolicyCommand>;
  /** By kind. Every kind that a label or a command names is there. */
  readonly prompts: ReadonlyMap<string, PromptSource>;
  /** By kind, `default` for the others: look them up with `permissionFor`. */
  readonly permissions: Permissions;
  readonly branches: {
    /** A branch must match a pattern of each list; no list at all lets every branch. */
    readonly eligible: readonly (readonly string[])[];
    /** The branch that issues are worked on; null is the default branch. */
    readonly issues: string | null;
  };
  readonly limits: Limits;
  readonly labelsAfter: {
    readonly removeTrigger: boolean;
    readonly running: string | null;
    readonly failed: string | null;
  };
  /** Of which changes the requester is notified, in a comment of its own. */
  readonly notify: Readonly<Record<"waiting" | "failed" | "completed", boolean>>;
  readonly sessionLimits: {
    /** Null is no limit. */
    readonly aiCredits: number | null;
  };
  /** By kind, `default` for the others: look them up with `ofKind`. Null is Copilot's own default. */
  readonly model: ReadonlyMap<string, string | null>;
  readonly reasoningEffort: ReadonlyMap<string, string | null>;
  /** Whose Copilot sessions use, by kind, `default` for the others: look it up with `identityOf`. */
  readonly identity: ReadonlyMap<string, IdentityChoice | null>;
  /** Where sessions run, by kind, `default` for the others: look it up with `forKind`, as the two below. */
  readonly runsOn: ReadonlyMap<string, RunsOn>;
  /** Whether a session on a machine of the administrator's is seen on GitHub. */
  readonly share: ReadonlyMap<string, Sharing>;
  /** What becomes of its agent's commits. */
  readonly push: ReadonlyMap<string, PushPolicy>;
  /** The hosts that it reaches. */
  readonly egress: readonly string[];
  /** What is checked out for it beside the repository's own files. */
  readonly checkout: readonly CheckoutPart[];
  /** Slugs of the Apps through which people may write commands. */
  readonly trustedApps: readonly string[];
}

export type Merged =
  | {
      readonly type: "policy";
      readonly policy: Policy;
      readonly sources: Sources;
      /** Where the organization's file enforces less than it seems to: sentences. */
      readonly gaps: readonly string[];
      /** Where the files use old spellings: sentences. */
      readonly deprecations: readonly string[];
    }
  | { readonly type: "problems"; readonly problems: readonly MergeProblem[] };

/**
 * The policy in force: the repository's file over the organization's over what is built in, except
 * that in the sections which the organization enforces the tighter one wins.
 *
 * @returns the policy and where each setting comes from, or what is wrong in the files together
 */
export function mergePolicies(files: {
  readonly organization: PolicyFile | null;
  readonly repository: PolicyFile | null;
}): Merged {
  const settings: Files = {
    organization: files.organization?.settings ?? {},
    repository: files.repository?.settings ?? {},
  };
  const settling = beginSettling(enforcedBy(settings.organization));
  const { sources } = settling;
  const prompts = settlePrompts(settings, settling);
  const labelsAfter = settleLabelsAfter(settings, settling);
  const hasLostPrompt = (kind: string) =>
    !prompts.has(kind) && Object.hasOwn(settings.repository.prompts ?? {}, kind);
  const isSetByBot = (_kind: string, label: string) =>
    enforcedLabels(labelsAfter, sources).includes(label);
  const labels = withoutLost("labels", settleLabels(settings, settling), isSetByBot, settling);
  const policy: Policy = {
    labels: withoutLost("labels", labels, hasLostPrompt, settling),
    commands: withoutLost("commands", settleCommands(settings, settling), hasLostPrompt, settling),
    prompts,
    permissions: settlePermissions(settings, settling),
    branches: settleBranches(settings, settling),
    limits: settleLimits(settings, settling),
    labelsAfter,
    notify: settleNotify(settings, settling),
    sessionLimits: settleSessionLimits(settings, settling),
    model: settleByKind("model", settings, settling),
    reasoningEffort: settleByKind("reasoning_effort", settings, settling),
    identity: settleIdentity(settings, settling),
    trustedApps: settleTrustedApps(settings, settling),
    runsOn: settleRunsOn(settings, settling),
    share: settleSharing(settings, settling),
    push: settlePush(settings, settling),
    egress: settleEgress(settings, settling),
    checkout: settleCheckout(settings, settling),
    ...settleChoices(settings, settling),
  };
  const problems = checkTogether(policy, sources, files);
  return problems.length > 0
    ? { type: "problems", problems }
    : {
        type: "policy",
        policy,
        sources,
        gaps: gapsIn(settings.organization),
        deprecations: (["organization", "repository"] as const).flatMap((of) =>
          (files[of]?.deprecations ?? []).map((deprecation) => sentenceOn(deprecation, of)),
        ),
      };
}

/** The labels that the organization makes the bot set, in small letters. */
function enforcedLabels(labelsAfter: Policy["labelsAfter"], sources: Sources): string[] {
  return (["running", "failed"] as const).flatMap((name) => {
    const source = sources.get(`labels_after.${name}`);
    const isEnforced = source?.enforced === true && source.from === "organization";
    return isEnforced ? [labelsAfter[name]?.toLowerCase() ?? ""] : [];
  });
}

function enforcedBy({ enforced = [] }: PolicySettings): ReadonlySet<Section> {
  return new Set(enforced === true ? SECTIONS : enforced);
}

/** The kind of task that a label starts, or null. Case does not count, as on GitHub. */
export function kindOfLabel(policy: Policy, label: string): string | null {
  return policy.labels.get(label.toLowerCase()) ?? null;
}

/** What a policy says for a kind; null is Copilot's own default. */
export function ofKind(values: ReadonlyMap<string, string | null>, kind: string): string | null {
  return values.get(values.has(kind) ? kind : "default") ?? null;
}

/** What a policy says for a kind, in a section that always says something for `default`. */
export function forKind<Value>(values: ReadonlyMap<string, Value>, kind: string): Value {
  const value = values.get(kind) ?? values.get("default");
  if (value === undefined) throw new Error("a policy says something for `default`");
  return value;
}

/** Whose Copilot the sessions of a kind use; null is what the administrator has set up. */
export function identityOf({ identity }: Policy, kind: string): IdentityChoice | null {
  return identity.get(identity.has(kind) ? kind : "default") ?? null;
}

/** No branch of Git's is longer: the pattern is spared the rest. */
const MAX_BRANCH = 255;

/** Whether tasks may be about a branch: the base of a pull request, or what an issue is worked on. */
export function matchesEligible({ branches }: Policy, branch: string): boolean {
  if (branch.length > MAX_BRANCH) return branches.eligible.length === 0;
  return branches.eligible.every((patterns) =>
    patterns.some((pattern) => picomatch.isMatch(branch, pattern, PLAIN_PATTERNS)),
  );
}

const PLAIN_PATTERNS = {
  dot: true,
  nobrace: true,
  nobracket: true,
  noextglob: true,
  nonegate: true,
} as const;

/** Who may start a kind of task with a label or with a command. */
export function permissionFor(
  { permissions }: Policy,
  kind: string,
  trigger: TriggerType,
): Permission {
  return forKind(permissions, kind)[trigger];
}
