import { findProgram } from "../src/copilot/program.ts";

/** The newest runtime, installed beside the pinned one: the other family. */
export const NEWEST = programOf("copilot-newest");

function programOf(name: string): string {
  const program = findProgram(name, new URL(import.meta.url));
  if (program === null) throw new Error(`${name} isn't installed: run script/bootstrap`);
  return program;
}
