import { z } from "zod";
import { branches, forks, limits, permissions, trustedApps } from "./schema-access.ts";
import { checkout, egress, push, runsOn, share } from "./schema-hosting.ts";
import { context, identity, labelsAfter, model, notify, onClose } from "./schema-session.ts";
import { permissionsPolicy, reasoningEffort, sessionLimits, steering } from "./schema-session.ts";
import { commands, labels, prompts } from "./schema-triggers.ts";
import { flag, listOf, oneOf, section } from "./values.ts";

/** Where the policy file is, in the repository or in the organization's `.github` repository. */
export const POLICY_PATH = ".github/copilot-tasks.yml";

/** The most characters of a policy file. */
export const MAX_POLICY = 65_536;

/** The sections that an organization can enforce: every key of the file but `enforced`. */
export const SECTIONS = [
  "labels",
  "commands",
  "prompts",
  "permissions",
  "branches",
  "forks",
  "limits",
  "labels_after",
  "context",
  "permissions_policy",
  "on_close",
  "check_run",
  "qr",
  "create_labels",
  "notify",
  "session_limits",
  "model",
  "reasoning_effort",
  "trusted_apps",
  "identity",
  "steering",
  "runs_on",
  "share",
  "push",
  "egress",
  "checkout",
] as const;

export type Section = (typeof SECTIONS)[number];

const enforced = z
  .union([z.literal(true), listOf(oneOf(SECTIONS), "sections")], {
    error: "must be `true` or a list of sections, like `[forks, limits]`",
  })
  .describe(
    "Only in an organization's file: the sections that a repository's file can only make stricter. `true`: all.",
  );

/** What an organization's or a repository's policy file may say. What is not said is undefined. */
export const policySchema = section({
  labels: labels.optional(),
  commands: commands.optional(),
  prompts: prompts.optional(),
  permissions: permissions.optional(),
  branches: branches.optional(),
  forks: forks.optional(),
  limits: limits.optional(),
  labels_after: labelsAfter.optional(),
  context: context.optional(),
  permissions_policy: permissionsPolicy.optional(),
  on_close: onClose.optional(),
  check_run: flag()
    .describe("Whether a pull request shows a check run `copilot task`. Default: `false`.")
    .optional(),
  qr: flag()
    .describe(
      "Whether the comment has a QR code that opens the session on a phone, folded, where the bot has pages. Default: `true`.",
    )
    .optional(),
  create_labels: flag()
    .describe(
      "Whether the bot creates the labels that start tasks, when it's installed and when the policy changes. Default: `true`.",
    )
    .optional(),
  notify: notify.optional(),
  session_limits: sessionLimits.optional(),
  model: model.optional(),
  reasoning_effort: reasoningEffort.optional(),
  trusted_apps: trustedApps.optional(),
  identity: identity.optional(),
  steering: steering.optional(),
  runs_on: runsOn.optional(),
  share: share.optional(),
  push: push.optional(),
  egress: egress.optional(),
  checkout: checkout.optional(),
  enforced: enforced.optional(),
}).describe("Which Copilot tasks can be started here, by whom, and how.");

/** A file's own words, checked. */
export type PolicySettings = z.output<typeof policySchema>;
