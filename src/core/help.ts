import { CONTROLS, ORDERS } from "./command.ts";
import { inlineCode, plainLine } from "./plain-text.ts";
import type { Policy } from "./policy/policy.ts";

/** What can be asked for where this policy is in force: a table for the help and for the documentation. */
export function commandTable(policy: Policy): readonly string[] {
  const labels = Map.groupBy(policy.labels.keys(), (label) => policy.labels.get(label) ?? "");
  const commands = [...policy.commands].map(([name, { kind, description, example }]) => {
    const also = (labels.get(kind) ?? []).map(code);
    const label = also.length === 0 ? "" : `, or the label ${also.join(" or ")}`;
    const shown = example === "" ? "" : ` E.g. ${code(example)}`;
    return `| ${code(`/copilot ${name}`)}${label} | ${words(description)}${shown} |`;
  });
  const named = new Set(policy.commands.values().map(({ kind }) => kind));
  const others = [...labels]
    .filter(([kind]) => !named.has(kind))
    .map(([kind, names]) => `| the label ${names.map(code).join(" or ")} | Starts ${code(kind)} |`);
  const controls = Object.values({ ...ORDERS, ...CONTROLS }).map(({ usage, description }) => {
    return `| ${code(usage)} | ${description} |`;
  });
  return ["| what | what it does |", "| --- | --- |", ...commands, ...others, ...controls];
}

/** The answer to `/copilot help`: what can be asked for here. Markdown. */
export function renderHelp(policy: Policy): string {
  return [
    ...commandTable(policy),
    "",
    "A command counts at the start of a line of a comment. What follows it, up to the next command, is for the agent.",
  ].join("\n");
}

/** Words of the policy file in a cell of a table: what could be formatted or mention anybody is code. */
function words(text: string): string {
  const harmless = /^[\p{L}\p{N} ,.;:'"()?!-]*$/u.test(text) && !/[.:]\S|\p{N}\.|--/u.test(text);
  return harmless ? text : code(text);
}

function code(text: string): string {
  // A bar would end the cell even in code.
  return inlineCode(plainLine(text, 300)).replaceAll("|", String.raw`\|`);
}
