import { DEFAULT_LIMITS } from "./limits.ts";
import { plainName } from "./schema-triggers.ts";
import { listOf, mapOf, oneOf, section, text, whole } from "./values.ts";

const login = text(/^[\w-]{1,100}$/u, "must be a GitHub login without `@`, like `octocat`");

const team = text(
  /^[\w-]{1,100}\/[\w.-]{1,100}$/u,
  "must be an organization and a team's slug without `@`, like `octo-org/core`",
);

const people = section({
  users: listOf(login, "logins", 100).describe("Logins.").optional(),
  teams: listOf(team, "teams, like `octo-org/core`", 100)
    .describe("Teams, as `organization/slug`.")
    .optional(),
});

const rule = {
  least: oneOf(["read", "triage", "write", "maintain", "admin"])
    .describe("The lowest role in the repository that can start it. Default: `write`.")
    .optional(),
  allow: people
    .nullable()
    .describe("Only these people, and only with the role. `null`: everyone with the role.")
    .optional(),
  deny: people.nullable().describe("Never these people. `null`: nobody is denied.").optional(),
};

/** The key `permissions`. */
export const permissions = mapOf(
  plainName,
  section({
    ...rule,
    label: section(rule).describe("Who can start it with a label.").optional(),
    command: section(rule).describe("Who can start it with a command.").optional(),
  }),
  "kinds (or `default`) to rules",
).describe(
  "Who can start which kind of task. `default` applies to what a kind doesn't set. `least`, `allow`, and `deny` directly under a kind apply to labels and commands.",
);

// Two wildcards: what a match may cost grows with the power of their number.
const pattern = text(
  /^(?=.{1,200}$)(?!.*\*.*[^*]\*.*[^*]\*)(?!.*\*{3})[\p{L}\p{N}._/@#+=,%&?*-]+$/u,
  "must be a branch name or a pattern of at most 200 characters: letters, digits, `._/@#+=,%&-`, any number of `?`, and at most two of `*` and `**`",
);

/** The key `branches`. */
export const branches = section({
  eligible: listOf(pattern, "patterns, like `main` and `release/**`")
    .min(1, { error: "must have an entry; to make every branch eligible, remove the key" })
    .describe(
      "The branches that tasks can work on, as patterns: a pull request's base, or the branch for issues. `*` matches anything but `/`, `**` matches anything, `?` matches one character. Default: every branch.",
    )
    .optional(),
  issues: text(
    /^[^\s\p{Cc}~^:?*[\\]{1,244}$/u,
    "must be a branch name: 1 to 244 characters without spaces and without `~^:?*[\\`",
  )
    .nullable()
    .describe("The branch that tasks for issues work on. `null`: the default branch.")
    .optional(),
}).describe("Which branches tasks can work on.");

/** The key `forks`. */
export const forks = oneOf(["deny", "base", "allow-after-ok"]).describe(
  "Pull requests from forks. `deny`: no task. `base`: the session works on the base branch and can read the change. `allow-after-ok`: the same, after someone with maintain access has approved the head commit with `/copilot ok`. Default: `deny`.",
);

/** The key `limits`. */
export const limits = section({
  requester: rate("by one person across all repositories of the owner", DEFAULT_LIMITS.requester),
  repository: rate("in this repository", DEFAULT_LIMITS.repository),
  organization: rate("across all repositories of the owner", DEFAULT_LIMITS.organization),
  at_once: whole(1_000)
    .nullable()
    .describe(
      `Maximum sessions that run at once in this repository; more tasks wait. ${limitDefault(DEFAULT_LIMITS.atOnce)}`,
    )
    .optional(),
}).describe("How many tasks can be started.");

function rate(whose: string, { hour, day }: typeof DEFAULT_LIMITS.requester) {
  const most = (time: string, builtIn: number | null) =>
    whole(100_000)
      .nullable()
      .describe(`Maximum tasks ${whose} in any ${time}. ${limitDefault(builtIn)}`)
      .optional();
  return section({ hour: most("hour", hour), day: most("24 hours", day) })
    .describe(`How many tasks can be started ${whose}.`)
    .optional();
}

function limitDefault(builtIn: number | null): string {
  return builtIn === null
    ? "Default: `null`, no limit."
    : `\`null\`: no limit. Default: ${builtIn}.`;
}

/** The key `trusted_apps`. */
export const trustedApps = listOf(
  text(
    /^[a-z\d](?:[a-z\d-]{0,98}[a-z\d])?$/u,
    "must be the slug of a GitHub App, the end of its page's address: `slack` for `…/apps/slack`",
  ),
  "slugs of GitHub Apps, like `slack`",
).describe(
  "GitHub Apps that can write commands on people's behalf. A command that another App writes starts nothing. Default: none.",
);
