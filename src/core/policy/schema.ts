import { z } from "zod";
import { CONTROLS, ORDERS } from "../command.ts";
import { flag, grouped, listOf, mapOf, oneOf, section, text, whole } from "./values.ts";

/** Where the policy file is, in the repository or in the organisation's `.github` repository. */
export const POLICY_PATH = ".github/copilot-tasks.yml";

/** The most characters of a policy file. */
export const LONGEST_POLICY = 65_536;

/** The most characters of a prompt template, inline or in a file. */
export const LONGEST_TEMPLATE = 20_000;

/** The sections that an organisation can enforce: every key of the file but `enforced`. */
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
  "session_limits",
] as const;

export type Section = (typeof SECTIONS)[number];

/** The commands that the bot brings itself. */
const RESERVED_COMMANDS = Object.keys({ ...CONTROLS, ...ORDERS });

const NAME = /^[a-z][a-z-]{0,29}$/u;
const NAME_RULE = "must be 1 to 30 small letters and hyphens, of which the first is a letter";

const kind = text(
  NAME,
  "must be the name of a kind: 1 to 30 small letters and hyphens, of which the first is a letter",
)
  .refine((name) => name !== "default", {
    error: "is no name for a kind: under `permissions` it stands for all the others",
  })
  .meta({ not: { const: "default" } });

const triggerLabel = text(
  /^copilot:/u,
  "must begin with `copilot:`, so that everybody sees that the label starts tasks",
)
  .regex(/^(?!copilot:)|^copilot:(?!\s)[^\p{Cc}]{1,42}(?<!\s)$/u, {
    error: "must have 1 to 42 characters after `copilot:`, without blanks at the ends",
  })
  .meta({ pattern: String.raw`^copilot:(?!\s)[^\p{Cc}]{1,42}(?<!\s)$` });

const labels = mapOf(
  triggerLabel,
  kind.nullable(),
  "labels to kinds, e.g. `copilot:triage: triage`",
).describe(
  "Which label starts which kind of task. A label begins with `copilot:`. `null` takes away a label that is built in or the organisation's.",
);

const commandName = text(NAME, NAME_RULE)
  .refine((name) => !RESERVED_COMMANDS.includes(name), {
    error: "is one of the bot's own commands: choose another name",
  })
  .meta({ not: { enum: RESERVED_COMMANDS } });

const line = text(/^[^\p{Cc}]{1,200}$/u, "must be one line of 1 to 200 characters");

const commands = mapOf(
  commandName,
  z.union(
    [
      kind,
      section({
        kind: kind.describe("The kind of task that the command starts."),
        description: line
          .describe("What the command does, for the answer to `/copilot help`.")
          .optional(),
        example: line
          .describe("How the command is written, for the answer to `/copilot help`.")
          .optional(),
      }),
      z.null(),
    ],
    { error: "must be a kind, or a mapping with `kind`, `description` and `example`" },
  ),
  "names to kinds, e.g. `triage: triage`",
).describe(
  "Which command starts which kind of task: the command `fix` is written `/copilot fix`. `null` takes away a command that is built in or the organisation's.",
);

const templatePath = text(
  /^(?!(?:.*\/)?\.{1,2}(?:\/|$))(?=.{1,200}$)[\w.-]+(?:\/[\w.-]+)*$/u,
  "must be a path from the root of the repository, e.g. `.github/copilot/fix.md`, of letters, digits and `._-/`",
);

const TEMPLATE = "must be a Liquid template, or `{ path: … }`";

const template = z
  .string({ error: TEMPLATE })
  .regex(/\S/u, { error: "must say something" })
  .max(LONGEST_TEMPLATE, { error: `must have at most ${grouped(LONGEST_TEMPLATE)} characters` });

const prompts = mapOf(
  kind,
  z.union(
    [
      template.describe("A Liquid template of what is wanted."),
      section({
        path: templatePath.describe(
          "The path of the template, from the root of the repository that this file is in.",
        ),
      }),
    ],
    { error: TEMPLATE },
  ),
  "kinds to Liquid templates",
).describe(
  "What is wanted of a kind of task, as a Liquid template, inline or in a file. Built in: `triage`, `fix`, `review`, `ask`.",
);

const login = text(
  /^[A-Za-z\d][\w-]{0,99}$/u,
  "must be a login as on GitHub, without `@`, e.g. `octocat`",
);
const team = text(
  /^[A-Za-z\d][\w-]{0,99}\/[\w.-]{1,100}$/u,
  "must be an organisation and a team's slug, without `@`, e.g. `octo-org/core`",
);

const people = section({
  users: listOf(login, "logins", 100).describe("Logins.").optional(),
  teams: listOf(team, "teams, e.g. `octo-org/core`", 100)
    .describe("Teams, as `organisation/slug`.")
    .optional(),
});

const rule = {
  least: oneOf(["read", "triage", "write", "maintain", "admin"])
    .describe("The least role in the repository that somebody needs. Default: `write`.")
    .optional(),
  allow: people
    .nullable()
    .describe("Only these people, if they have the role too. `null`: whoever has the role.")
    .optional(),
  deny: people.nullable().describe("Not these people. `null`: nobody is denied.").optional(),
};

const permissions = mapOf(
  text(NAME, NAME_RULE),
  section({
    ...rule,
    label: section(rule).describe("Who may start it with a label.").optional(),
    command: section(rule).describe("Who may start it with a command.").optional(),
  }),
  "kinds (or `default`) to rules",
).describe(
  "Who may start which kind of task; `default` says it for what a kind does not say. `least`, `allow` and `deny` directly under the kind mean labels and commands alike.",
);

// Two wildcards: what a match may cost grows with the power of their number.
const pattern = text(
  /^(?=.{1,200}$)(?!.*\*.*[^*]\*.*[^*]\*)(?!.*\*{3})[\p{L}\p{N}._/@#+=,%&?*-]+$/u,
  "must be the name of a branch or a pattern of at most 200 characters: letters, digits, `._/@#+=,%&-`, any number of `?`, and at most two of `*` and `**`",
);

const branches = section({
  eligible: listOf(pattern, "patterns, e.g. `main` and `release/**`")
    .min(1, { error: "must have an entry; without the key every branch is eligible" })
    .describe(
      "Patterns of the branches that tasks may be about: the base of a pull request, the branch that an issue is worked on. `*` stands for anything but `/`, `**` for anything, `?` for one character. Default: every branch.",
    )
    .optional(),
  issues: text(
    /^[^\s\p{Cc}~^:?*[\\]{1,244}$/u,
    "must be the name of a branch: 1 to 244 characters without blanks and without `~^:?*[\\`",
  )
    .nullable()
    .describe("The branch that issues are worked on. `null`: the default branch.")
    .optional(),
}).describe("Which branches tasks may be about.");

function rate(whose: string) {
  const most = whole(100_000).nullable();
  return section({
    hour: most.describe(`Tasks ${whose} in any hour. \`null\`: no limit.`).optional(),
    day: most.describe(`Tasks ${whose} in any 24 hours. \`null\`: no limit.`).optional(),
  })
    .describe(`How many tasks may be started ${whose}.`)
    .optional();
}

const limits = section({
  requester: rate("by one person in all repositories of the owner together"),
  repository: rate("in this repository"),
  organisation: rate("in all repositories of the owner together"),
  at_once: whole(1_000)
    .nullable()
    .describe("Tasks that run at once in this repository. `null`: no limit.")
    .optional(),
}).describe("How many tasks may be started. What is not said has no limit.");

const label = text(
  /^(?!\s)[^\p{Cc}]{1,50}(?<!\s)$/u,
  "must be the name of a label: 1 to 50 characters, without blanks at the ends",
);

const labelsAfter = section({
  remove_trigger: flag()
    .describe(
      "Whether the label that started a task is taken off once the task has started. Default: `false`.",
    )
    .optional(),
  running: label
    .nullable()
    .describe("The label that a subject has while its task runs. `null`: none.")
    .optional(),
  failed: label
    .nullable()
    .describe("The label that a subject gets when its task failed. `null`: none.")
    .optional(),
}).describe("Which labels the bot sets and takes off.");

const forks = oneOf(["deny", "base", "allow-after-ok"]).describe(
  "Pull requests from forks. `deny`: no task. `base`: the session works on the base branch and reads the change. `allow-after-ok`: the same, once somebody with maintain access has written `/copilot ok` about the head commit. Default: `deny`.",
);

const context = oneOf(["trusted", "all"]).describe(
  "Which comments the prompt shows. `trusted`: only those by people with write access. `all`: everybody's. Default: `trusted`.",
);

const permissionsPolicy = oneOf(["approve", "deny-writes-to-default-branch", "ask"]).describe(
  "What the bot answers when the agent asks for permission. `approve`: yes. `deny-writes-to-default-branch`: yes, except to writing to the default branch. `ask`: it asks people in the thread. Default: `ask`.",
);

const onClose = oneOf(["keep", "stop"]).describe(
  "What happens to a running session when its issue or pull request is closed. `keep`: it goes on. `stop`: it is stopped. Default: `keep`.",
);

const sessionLimits = section({
  // The runtime takes no fewer.
  ai_credits: whole(1_000_000, 30)
    .nullable()
    .describe("The most AI credits that a session may use. `null`: no limit.")
    .optional(),
}).describe("What a session may use.");

const enforced = z
  .union([z.literal(true), listOf(oneOf(SECTIONS), "sections")], {
    error: "must be `true` or a list of sections, e.g. `[forks, limits]`",
  })
  .describe(
    "Only in an organisation's file: the sections that a repository's file may tighten and never loosen. `true`: all.",
  );

/** What an organisation's or a repository's policy file may say. What is not said is undefined. */
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
    .describe(
      "Whether the head of a pull request shows a check run `copilot task`. Default: `false`.",
    )
    .optional(),
  session_limits: sessionLimits.optional(),
  enforced: enforced.optional(),
}).describe("Which Copilot tasks may be started here, by whom, and how.");

/** A file's own words, checked. */
export type PolicySettings = z.output<typeof policySchema>;
