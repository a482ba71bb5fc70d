import type { Misplacement } from "./misplaced.ts";

/** A line that holds a command, or what may have been meant as one. */
export interface Candidate {
  readonly name: string;
  /** Where its line begins. */
  readonly start: number;
  readonly instructionsStart: number;
  /** What is wrong about it; null when it is a command. */
  readonly misplaced: Misplacement | null;
  /** Whether it is an example where there are others: an item of a list, a name in a sentence. */
  readonly isExample: boolean;
  /** Whether its line is nothing but a mention of the bot. */
  readonly isBareMention: boolean;
}

/** A stretch of the text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What a text holds that matters for commands. */
export interface Found {
  /** The commands, in their order, without those that are quoted, code, or not to be seen. */
  readonly candidates: readonly Candidate[];
  /** Blocks, and lines of HTML, that are quoted, code, or not to be seen. In no order. */
  readonly quoted: readonly Span[];
}
