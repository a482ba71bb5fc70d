import { read } from "../core/error/thrown.ts";

/** What kind of error it is, in one word: its code, or its name. What it says may quote anybody. */
export function errorTypeOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return "Error";
  const cause = read(error, "cause");
  const causeCode = typeof cause === "object" && cause !== null ? read(cause, "code") : undefined;
  const words = [read(error, "code"), causeCode, read(error, "name")];
  return words.find(isWord) ?? "Error";
}

function isWord(word: unknown): word is string {
  return typeof word === "string" && /^\w{1,60}$/u.test(word);
}
