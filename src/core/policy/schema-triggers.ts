import { z } from "zod";
import { CONTROLS, SESSION_COMMANDS } from "../command/table.ts";
import { grouped, mapOf, section, text } from "./values.ts";

/** The most characters of a prompt template, inline or in a file. */
export const MAX_TEMPLATE = 20_000;

/** The commands that the bot brings itself. */
const RESERVED_COMMANDS = Object.keys({ ...CONTROLS, ...SESSION_COMMANDS });

const NAME = /^[a-z][a-z-]{0,29}$/u;

/** A name as commands have it. */
export const plainName = text(
  NAME,
  "must be 1 to 30 lowercase letters and hyphens, starting with a letter",
);

const kind = text(
  NAME,
  "must be the name of a kind: 1 to 30 lowercase letters and hyphens, starting with a letter",
)
  .refine((name) => name !== "default", {
    error: "can't be the name of a kind: under `permissions` it stands for all other kinds",
  })
  .meta({ not: { const: "default" } });

const triggerLabel = text(
  /^copilot:/u,
  "must begin with `copilot:`, so that everyone can see that the label starts tasks",
)
  .regex(/^(?!copilot:)|^copilot:(?!\s)[^\p{Cc}]{1,42}(?<!\s)$/u, {
    error: "must have 1 to 42 characters after `copilot:`, without leading or trailing spaces",
  })
  .meta({ pattern: String.raw`^copilot:(?!\s)[^\p{Cc}]{1,42}(?<!\s)$` });

/** The key `labels`. */
export const labels = mapOf(
  triggerLabel,
  kind.nullable(),
  "labels to kinds, like `copilot:triage: triage`",
).describe(
  "Which label starts which kind of task. A label begins with `copilot:`. `null` removes a built-in label or one of the organization's.",
);

const commandName = plainName
  .refine((name) => !RESERVED_COMMANDS.includes(name), {
    error: "is one of the bot's own commands: choose another name",
  })
  .meta({ not: { enum: RESERVED_COMMANDS } });

const line = text(/^[^\p{Cc}]{1,200}$/u, "must be one line of 1 to 200 characters");

/** The key `commands`. */
export const commands = mapOf(
  commandName,
  z.union(
    [
      kind,
      section({
        kind: kind.describe("The kind of task that the command starts."),
        description: line.describe("What the command does. `/copilot help` shows it.").optional(),
        example: line.describe("An example of the command. `/copilot help` shows it.").optional(),
      }),
      z.null(),
    ],
    { error: "must be a kind, or a mapping with `kind`, `description`, and `example`" },
  ),
  "names to kinds, like `triage: triage`",
).describe(
  "Which command starts which kind of task: `fix` is the command `/copilot fix`. `null` removes a built-in command or one of the organization's.",
);

const templatePath = text(
  /^(?!(?:.*\/)?\.{1,2}(?:\/|$))(?=.{1,200}$)[\w.-]+(?:\/[\w.-]+)*$/u,
  "must be a path from the root of the repository, like `.github/copilot/fix.md`, with letters, digits, and `._-/` only",
);

const TEMPLATE = "must be a Liquid template, or `{ path: … }`";

const template = z
  .string({ error: TEMPLATE })
  .regex(/\S/u, { error: "must not be empty" })
  .max(MAX_TEMPLATE, { error: `must have at most ${grouped(MAX_TEMPLATE)} characters` });

/** The key `prompts`. */
export const prompts = mapOf(
  kind,
  z.union(
    [
      template.describe("The request to the agent, as a Liquid template."),
      section({
        path: templatePath.describe(
          "The path of the template, from the root of the repository with this file.",
        ),
      }),
    ],
    { error: TEMPLATE },
  ),
  "kinds to Liquid templates",
).describe(
  "The request to the agent for each kind of task: a Liquid template, inline or in a file. Built in: `triage`, `fix`, `review`, `ask`.",
);
