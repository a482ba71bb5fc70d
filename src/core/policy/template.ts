import type { Template } from "liquidjs";
import { Liquid, LiquidError } from "liquidjs";
import { inlineCode, plainLine } from "../text/quote.ts";
import { MAX_TEMPLATE } from "./schema-triggers.ts";
import { grouped, suggestion } from "./values.ts";

/** What a prompt template can name: facts of the bot's own, never a stranger's text. */
export interface PromptVariables {
  readonly owner: string;
  readonly repository: string;
  readonly branch: string;
  /** The full SHA. */
  readonly commit: string;
  /** In words, e.g. `issue #7`. */
  readonly subject: string;
  readonly subject_url: string;
  readonly subject_type: "issue" | "pull request";
  readonly subject_number: number;
  /** A login. */
  readonly requester: string;
  readonly kind: string;
}

const VARIABLES: Record<keyof PromptVariables, true> = {
  owner: true,
  repository: true,
  branch: true,
  commit: true,
  subject: true,
  subject_url: true,
  subject_type: true,
  subject_number: true,
  requester: true,
  kind: true,
};

/** What is wrong in a template. Lines and columns count from 1. The message is Markdown. */
export interface TemplateProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** A template that can't be used. */
export interface WrongTemplate {
  readonly type: "problems";
  readonly problems: readonly TemplateProblem[];
}

/** No other: above all none that reads files. */
const TAGS: ReadonlySet<string> = new Set(
  "assign break capture case comment continue for if raw unless".split(" "),
);

/** As many `{{` and `{%` as are parsed in a moment, and nested without harm. */
const MAX_MARKS = 500;

// Templates take part in a service: a runaway one must not hold it up.
const engine = new Liquid({
  parseLimit: 100_000,
  renderLimit: 250,
  memoryLimit: 1_000_000,
  strictFilters: true,
  strictVariables: true,
  ownPropertyOnly: true,
  // Not even a tag that was overlooked finds a file.
  templates: {},
});
for (const name of Object.keys(engine.tags)) {
  if (!TAGS.has(name)) Reflect.deleteProperty(engine.tags, name);
}

/** What is wrong in a prompt template: at most one mistake of Liquid's, or all unknown variables. */
export function checkTemplate(template: string): readonly TemplateProblem[] {
  const parsed = parse(template);
  return parsed.type === "problems" ? parsed.problems : [];
}

/**
 * What a template makes of the variables, without blanks around it.
 *
 * @returns the text, at most as long as a template may be, or what is wrong with the template
 */
export function renderTemplate(
  template: string,
  variables: PromptVariables,
): { readonly type: "text"; readonly text: string } | WrongTemplate {
  const parsed = parse(template);
  if (parsed.type === "problems") return parsed;
  try {
    const text = String(engine.renderSync(parsed.templates, variables)).trim();
    if (text.length <= MAX_TEMPLATE) return { type: "text", text };
    const message = `its output has more than ${grouped(MAX_TEMPLATE)} characters`;
    return { type: "problems", problems: [{ line: 1, column: 1, message }] };
  } catch (error) {
    return { type: "problems", problems: [problemOf(error)] };
  }
}

type Parsed = { readonly type: "templates"; readonly templates: Template[] } | WrongTemplate;

function parse(template: string): Parsed {
  const marks = template.match(/\{[{%]/gu)?.length ?? 0;
  if (marks > MAX_MARKS) {
    const message = `more than ${MAX_MARKS} \`{{\` and \`{%\``;
    return { type: "problems", problems: [{ line: 1, column: 1, message }] };
  }
  try {
    const templates = engine.parse(template);
    const problems = unknownVariables(templates);
    return problems.length > 0 ? { type: "problems", problems } : { type: "templates", templates };
  } catch (error) {
    return { type: "problems", problems: [problemOf(error)] };
  }
}

function unknownVariables(templates: Template[]): TemplateProblem[] {
  const known = Object.keys(VARIABLES);
  const { globals } = engine.analyzeSync(templates, { partials: false });
  return Object.entries(globals)
    .filter(([name]) => !Object.hasOwn(VARIABLES, name))
    .flatMap(([name, places]) =>
      places.map(({ location }) => ({
        line: location.row,
        column: location.col,
        message: `unknown variable ${inlineCode(plainLine(name, 60))}: ${suggestion(name, known)}`,
      })),
    );
}

/** @throws what is no mistake in the template */
function problemOf(error: unknown): TemplateProblem {
  if (!LiquidError.is(error)) throw error;
  const [line = 1, column = 1] = error.token.getPosition();
  if (error.originalError instanceof RangeError) {
    return { line, column, message: "nested too deeply" };
  }
  // The message ends with the place, which is given in the file's own lines.
  const said = error.message.replace(/, line:\d+, col:\d+$/u, "");
  const tag = /^tag "(?<name>.*)" not found$/su.exec(said)?.groups?.["name"];
  if (tag !== undefined) {
    const message = `unknown tag ${inlineCode(plainLine(tag, 60))}: ${suggestion(tag, [...TAGS])}`;
    return { line, column, message };
  }
  return { line, column, message: `Liquid reports ${inlineCode(plainLine(said, 120))}` };
}

/** What is wrong with a policy that names a file of which there is none, or no text. Markdown. */
export function missingTemplate(kind: string, path: string): string {
  return `\`prompts.${kind}\`: there's no text file \`${path}\` on the default branch.`;
}
