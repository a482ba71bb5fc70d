import { CONTROLS, isControl, isSessionCommand, SESSION_COMMANDS } from "../command/table.ts";
import { BUILT_IN_PROMPTS } from "../policy/built-in-prompts.ts";

/** The kinds that metrics distinguish. Policy files name others, as many as they want: these are `other`. */
export const KIND_LABELS: readonly string[] = [...BUILT_IN_PROMPTS.keys(), "other", "none"];

/** A task's kind as a label of metrics; `none` where it isn't known, or there's none. */
export function kindLabel(kind: string | null): string {
  if (kind === null) return "none";
  return BUILT_IN_PROMPTS.has(kind) ? kind : "other";
}

/** The commands that metrics distinguish. */
export const COMMAND_LABELS: readonly string[] = [
  ...Object.keys(CONTROLS),
  ...Object.keys(SESSION_COMMANDS),
  ...BUILT_IN_PROMPTS.keys(),
  "other",
];

/** A command's name as a label of metrics. Anybody may write any name after `/copilot`: these are `other`. */
export function commandLabel(name: string): string {
  const isKnown = isControl(name) || isSessionCommand(name) || BUILT_IN_PROMPTS.has(name);
  return isKnown ? name : "other";
}
