/**
 * The bot's own words inside of others' text. Until that text is clean they stand between two characters that no
 * text can hold (noncharacters of Unicode); then they get the mark of the fence, which nobody can forge.
 */
const OPEN = "\uFDD0";
const CLOSE = "\uFDD1";

/** A label, to be marked. */
export function label(words: string): string {
  return `${OPEN}${words}${CLOSE}`;
}

/** A text of others without the characters that stand around labels. */
export function withoutLabels(text: string): string {
  return text.replaceAll(/[\uFDD0\uFDD1]/gu, "");
}

/**
 * The text with each part between labels changed by itself, and the labels marked.
 *
 * @param mark "" for labels without a mark
 */
export function markLabels(text: string, mark: string, change: (part: string) => string): string {
  return text
    .split(/(\uFDD0[^\uFDD1]*\uFDD1)/u)
    .map((part) => (part.startsWith(OPEN) ? marked(part.slice(1, -1), mark) : change(part)))
    .join("");
}

/** A label as it stands in the prompt. */
export function marked(words: string, mark: string): string {
  return mark === "" ? `[${words}]` : `[${mark} ${words}]`;
}

const HARD_TO_SEE = "hard to see: ";

/** A label for text that people hardly see. */
export function hardToSee(why: string): string {
  return label(`${HARD_TO_SEE}${why}`);
}

/** How many labels say that text is hard to see. */
export function countHardToSee(text: string): number {
  return text.split(`${OPEN}${HARD_TO_SEE}`).length - 1;
}
