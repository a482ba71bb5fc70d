/**
 * Why a command was not run: how it was written, or where. Each is the end of a sentence that begins with
 * “because”.
 */
export const MISPLACED = {
  code: "it's formatted as code",
  emphasis: "it's formatted as bold or italic text",
  heading: "it's a heading",
  link: "it's a link",
  list: "it's part of a list",
  quote: "it's part of the quote above it",
  table: "it's part of the table above it",
  footnote: "it's part of a footnote",
  element: "it's inside an HTML element",
  mention: "a mention comes before it on its line",
  quotation_marks: "it's in quotation marks or parentheses",
  indented: "its line is indented too far",
  spelling: "it isn't written as a command",
  mail: "it's below a quoted email or a signature",
  too_far: "there is too much formatting above it in the same comment",
} as const satisfies Record<string, string>;

/** How or where a command was written so that it may have been meant, but is not certain to be. */
export type Misplacement = keyof typeof MISPLACED;
