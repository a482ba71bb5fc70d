import { clean } from "../text/clean.ts";
import { countHardToSee, label, marked, markLabels } from "../text/label.ts";
import { leftOutOf } from "../text/left-out.ts";
import { cleanLine, sourceText } from "../text/plain.ts";
import { addRemoved } from "../text/removed.ts";
import type { Cleaned, Removed } from "../text/removed.ts";
import { visibleIn } from "../text/visible.ts";

/** A text that somebody wrote, as its source, and as the HTML that GitHub made of it; null where there's none. */
export interface Written {
  readonly source: string;
  readonly html: string | null;
}

/** Makes others' texts ready for the prompt, and counts what it leaves out. */
export interface Cleaner {
  /** What people see of a text, with the bot's labels in it not yet marked. */
  visible(written: Written): string;
  /** The same, where it's known already what people see. */
  seen(source: string, visible: string): string;
  /** Clean text with its labels marked, cut at `most` characters. */
  marked(visible: string, most: number): string;
  line(text: string, most: number): string;
  /** What was left out so far. */
  removed(): Removed;
  /** How many pieces of text were hard to see so far. */
  hardToSee(): number;
}

/** The end of what is read of a text. */
const CUT = "cut: the rest is on GitHub";

/**
 * A cleaner for one prompt.
 *
 * @param mark the mark of the fence: taken out of every text, and put into every label
 */
export function createCleaner(mark: string): Cleaner {
  let removed: Removed = {};
  let hardToSee = 0;

  function add({ text, removed: some }: Cleaned): string {
    removed = addRemoved(removed, some);
    return text;
  }

  function seen(source: string, text: string): string {
    hardToSee += countHardToSee(text);
    return add({ text, removed: leftOutOf(source, text) });
  }

  return {
    visible({ source, html }) {
      if (html === null) return add(sourceText(source));
      const { text, whole } = visibleIn(html);
      const shown = whole ? text : `${text}\n${label(CUT)}`;
      return seen(source, shown);
    },
    seen,
    marked(visible, most) {
      const text = markLabels(visible, mark, (part) => add(withoutMark(part)));
      return cut(text.trim(), most);
    },
    line(text, most) {
      return without(add(cleanLine(without(text, mark), most)), mark);
    },
    removed: () => removed,
    hardToSee: () => hardToSee,
  };

  function withoutMark(part: string): Cleaned {
    return clean(part, (some) => ({ text: without(some, mark), removed: {} }));
  }

  function cut(text: string, most: number): string {
    if (text.length <= most) return text;
    return `${text.slice(0, most).toWellFormed()}\n${marked(CUT, mark)}`;
  }
}

/** Taking the mark out may join what was left and right of it to another one. */
function without(text: string, mark: string): string {
  const rest = text.replaceAll(mark, "");
  return rest === text ? text : without(rest, mark);
}
