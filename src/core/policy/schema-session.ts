import { z } from "zod";
import { flag, mapOf, oneOf, section, text, whole } from "./values.ts";
import { plainName } from "./schema-triggers.ts";
import {
  DEFAULT_ACCOUNT,
  IDENTITY_CHOICES,
  PROVIDED_ACCOUNTS,
  PROVIDED_CHOICES,
} from "./identity-choice.ts";

/** The key `context`. */
export const context = oneOf(["trusted", "all"]).describe(
  "Which comments the prompt includes. `trusted`: only those by people with write access. `all`: everyone's. Default: `trusted`.",
);

/** The key `permissions_policy`. */
export const permissionsPolicy = oneOf([
  "approve",
  "deny-writes-to-default-branch",
  "ask",
]).describe(
  "What the bot does when the agent asks for permission. `approve`: it approves. `deny-writes-to-default-branch`: it approves what can't write to the default branch, denies what does, and asks people in the thread about everything else. `ask`: it asks people in the thread. Default: `ask`.",
);

/** The key `on_close`. */
export const onClose = oneOf(["keep", "stop"]).describe(
  "What happens to a running session when its issue or pull request is closed, its label is removed, or its branch is deleted. `keep`: it continues. `stop`: the bot stops it. Default: `keep`.",
);

/** The key `session_limits`. */
export const sessionLimits = section({
  // The runtime takes no fewer.
  ai_credits: whole(1_000_000, 30)
    .nullable()
    .describe("Maximum AI credits for a session. `null`: no limit.")
    .optional(),
}).describe("What a session can use.");

const KINDS = "kinds (or `default`) to";

/** The key `model`. */
export const model = mapOf(
  plainName,
  text(/^[\w.:/-]{1,100}$/u, "must be the id of a model, like `claude-sonnet-4.6`").nullable(),
  `${KINDS} models`,
).describe(
  "The model of the sessions of a kind. `default` applies to the other kinds. `null`: Copilot's default.",
);

/** The key `reasoning_effort`. */
export const reasoningEffort = mapOf(
  plainName,
  text(/^[a-z]{1,20}$/u, "must be an effort that the model knows, like `high`").nullable(),
  `${KINDS} efforts`,
).describe(
  "How much the model reasons in the sessions of a kind. `default` applies to the other kinds. `null`: Copilot's default.",
);

const identityName = oneOf(IDENTITY_CHOICES);
const IDENTITY_NAMES = IDENTITY_CHOICES.map((choice) => `\`${choice}\``);
const ACCOUNT_MEANINGS = PROVIDED_CHOICES.map(
  (choice) => `\`${choice}\`: ${PROVIDED_ACCOUNTS[choice].meaning}.`,
);

/** The key `identity`. */
export const identity = z
  .union(
    [identityName, mapOf(plainName, identityName, `${KINDS} ${IDENTITY_NAMES.join(" or ")}`)],
    {
      error: `must be ${IDENTITY_NAMES.join(", ")}, or a mapping of kinds (or \`default\`) to one of them`,
    },
  )
  .describe(
    `Whose Copilot the sessions use, for all kinds or by kind. \`requester\`: the account of whoever asks, once it's connected. ${ACCOUNT_MEANINGS.join(" ")} Default: \`requester\` if the administrator lets people connect their accounts, otherwise \`${DEFAULT_ACCOUNT}\`.`,
  );

/** The key `steering`. */
export const steering = oneOf(["owner", "writers"]).describe(
  "Who can use `send`, `approve`, `resume`, `share`, and `unshare` on a session that uses its requester's Copilot. `owner`: only the requester, whose rights and quota it uses. `writers`: everyone who can start such a task. Default: `owner`.",
);

const label = text(
  /^(?!\s)[^\p{Cc}]{1,50}(?<!\s)$/u,
  "must be a label name: 1 to 50 characters, without leading or trailing spaces",
);

/** The key `labels_after`. */
export const labelsAfter = section({
  remove_trigger: flag()
    .describe(
      "Whether to remove the label that started a task once the task has started. Default: `false`.",
    )
    .optional(),
  running: label
    .nullable()
    .describe("The label that the issue or pull request has while its task runs. `null`: none.")
    .optional(),
  failed: label
    .nullable()
    .describe("The label that the issue or pull request gets when its task fails. `null`: none.")
    .optional(),
}).describe("Which labels the bot adds and removes.");

/** The key `notify`. */
export const notify = section({
  waiting: flag()
    .describe(
      "Whether to mention the requester when a session waits for an answer: a permission, a question, or a plan. Default: `true`.",
    )
    .optional(),
  failed: flag()
    .describe(
      "Whether to mention the requester when a session fails after it started. Default: `true`.",
    )
    .optional(),
  completed: flag()
    .describe("Whether to mention the requester when a session has finished. Default: `false`.")
    .optional(),
}).describe(
  "When the bot mentions the requester in a new, short comment. It deletes the comment when it's outdated.",
);
