import { DEFAULT_LIMITS } from "./limits.ts";
import type { PolicySettings, Section } from "./schema.ts";

/** What decides which work has which name. */
const NAMING = ["prompts", "labels", "commands"] as const;

/** Sections in which a repository says what the organization leaves unsaid, enforced or not. */
const SAID_OR_FREE = [
  "on_close",
  "check_run",
  "labels_after",
  "model",
  "reasoning_effort",
] as const;

/** Sections by kind, in which a repository says what holds for the kinds that the organization leaves out. */
const BY_KIND = ["model", "reasoning_effort"] as const;

/**
 * Where an organization's file enforces less than it seems to; a sentence of Markdown each.
 *
 * @param settings of the organization's file
 */
export function gapsIn(settings: PolicySettings): string[] {
  const { enforced = [] } = settings;
  if (enforced === true) return [];
  const has = (section: Section) => enforced.includes(section);
  const free = NAMING.filter((section) => !has(section));
  const gaps: string[] = [];
  if (has("permissions") && free.length > 0) {
    gaps.push(
      `The organization enforces \`permissions\`, but not ${listed(free)}: a repository can give the same work another name, for which the organization's rules for a kind don't hold. To close this, add ${listed(free)} to \`enforced\`.`,
    );
  }
  for (const section of SAID_OR_FREE) {
    if (has(section) && settings[section] === undefined) {
      gaps.push(
        `The organization enforces \`${section}\` but doesn't set it, so repositories can. Set it in the organization's file.`,
      );
    }
  }
  for (const section of BY_KIND) {
    const entries = settings[section];
    if (has(section) && entries !== undefined && !Object.hasOwn(entries, "default")) {
      gaps.push(
        `The organization enforces \`${section}\` but doesn't set \`${section}.default\`, so repositories can set it for other kinds. Set it in the organization's file; \`null\` is Copilot's default.`,
      );
    }
  }
  const raisable = has("limits") ? unsetLimits(settings) : [];
  if (raisable.length > 0) {
    gaps.push(
      `The organization enforces \`limits\` but doesn't set ${listed(raisable)}, so repositories can raise the default. Set it in the organization's file.`,
    );
  }
  return gaps;
}

/** Limits that have a default, and that the organization leaves to its repositories. */
function unsetLimits({ limits }: PolicySettings): string[] {
  const scopes = ["requester", "repository", "organization"] as const;
  const rates = scopes.flatMap((scope) =>
    (["hour", "day"] as const).map((per) => ({
      name: `limits.${scope}.${per}`,
      builtIn: DEFAULT_LIMITS[scope][per],
      said: limits?.[scope]?.[per],
    })),
  );
  const atOnce = {
    name: "limits.at_once",
    builtIn: DEFAULT_LIMITS.atOnce,
    said: limits?.at_once,
  };
  return [...rates, atOnce]
    .filter(({ builtIn, said }) => builtIn !== null && said === undefined)
    .map(({ name }) => name);
}

function listed(sections: readonly string[]): string {
  const names = sections.map((section) => `\`${section}\``);
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
