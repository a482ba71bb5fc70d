import { CONTROLS, SESSION_COMMANDS } from "../command/table.ts";
import { cellCode, codeName, plainLine } from "../text/quote.ts";
import { isRisky } from "../text/risky-words.ts";
import type { Policy } from "../policy/policy.ts";

/** What can be asked for where this policy is in force: a table for the help and for the documentation. */
export function commandTable(policy: Policy): readonly string[] {
  const labels = Map.groupBy(policy.labels.keys(), (label) => policy.labels.get(label) ?? "");
  const commands = [...policy.commands].map(([name, { kind, description, example }]) => {
    const also = (labels.get(kind) ?? []).map(code);
    const label = also.length === 0 ? "" : `, or the label ${also.join(" or ")}`;
    const shown = example === "" ? "" : ` E.g. ${code(example)}`;
    return `| ${code(`/copilot ${name}`)}${label} | ${harmlessWords(description)}${shown} |`;
  });
  const named = new Set(policy.commands.values().map(({ kind }) => kind));
  const others = [...labels]
    .filter(([kind]) => !named.has(kind))
    .map(([kind, names]) => `| the label ${names.map(code).join(" or ")} | Starts ${code(kind)} |`);
  const controls = Object.values({ ...SESSION_COMMANDS, ...CONTROLS }).map(
    ({ usage, description }) => {
      return `| ${code(usage)} | ${description} |`;
    },
  );
  return ["| what | what it does |", "| --- | --- |", ...commands, ...others, ...controls];
}

/**
 * The answer to `/copilot help`: what can be asked for here. Markdown.
 *
 * @param slug the App's, by which people can address the bot; null where it isn't known
 */
export function renderHelp(policy: Policy, slug: string | null): string {
  const labels = Map.groupBy(policy.labels.keys(), (label) => policy.labels.get(label) ?? "");
  const commands = [...policy.commands].map(([name, { kind, description, example }]) => {
    const also = (labels.get(kind) ?? []).map(codeName);
    const label = also.length === 0 ? "" : `, or the label ${also.join(" or ")}`;
    const shown = example === "" ? "" : ` Example: ${codeName(example)}`;
    return `- **${codeName(`/copilot ${name}`)}**${label}: ${harmlessWords(description)}${shown}`;
  });
  const { ok, ...aboutTheBot } = CONTROLS;
  const named = new Set(policy.commands.values().map(({ kind }) => kind));
  const others = [...labels]
    .filter(([kind]) => !named.has(kind))
    .map(
      ([kind, names]) =>
        `- the label ${names.map(codeName).join(" or ")}: Starts ${codeName(kind)}.`,
    );
  return [
    `Start a command at the beginning of a line in a comment. What follows it goes to Copilot. If a comment has several commands, only the first one counts.${mentionToo(slug)}`,
    "",
    "**Start a task**",
    "",
    ...commands,
    ...others,
    itemOf(ok),
    "",
    "**Steer a task** (the newest one here, or the one whose id you add, like `/copilot stop 0b4f9bd6`)",
    "",
    ...Object.values(SESSION_COMMANDS).map(itemOf),
    "",
    "**Ask about the bot**",
    "",
    ...Object.values(aboutTheBot).map(itemOf),
  ].join("\n");
}

function mentionToo(slug: string | null): string {
  if (slug === null) return "";
  return ` ${codeName(`@${slug}`)} means the same as \`/copilot\`, except for commands that the policy adds.`;
}

function itemOf({ usage, description }: { readonly usage: string; readonly description: string }) {
  return `- **\`${usage}\`**: ${description}`;
}

/** Words of the policy file, also in a cell of a table: what could be formatted or mention anybody is code. */
export function harmlessWords(text: string): string {
  const harmless = /^[\p{L}\p{N} ,.;:'"()?!-]*$/u.test(text) && !/[.:]\S|\p{N}\.|--/u.test(text);
  return harmless && !isRisky(text) ? text : code(text);
}

function code(text: string): string {
  return cellCode(plainLine(text, 300));
}
