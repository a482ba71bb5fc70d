import { type Token, Tokenizer, TokenizerMode } from "parse5";
import { imageMark } from "./address.ts";
import { cut, type Edit } from "./edit.ts";
import type { Span } from "./span.ts";
import { hiddenIn, isHidden, isVoid } from "./visibility.ts";

/** Elements in whose content HTML has no tags, and how the tokenizer reads it. */
const RAW_TEXT = new Map<string, Tokenizer["state"]>([
  ["textarea", TokenizerMode.RCDATA],
  ["title", TokenizerMode.RCDATA],
  ["script", TokenizerMode.SCRIPT_DATA],
  ["plaintext", TokenizerMode.PLAINTEXT],
  ...["iframe", "noembed", "noframes", "noscript", "style", "xmp"].map(
    (name) => [name, TokenizerMode.RAWTEXT] as const,
  ),
]);

/** Elements within a line: where their tags were, words may touch. */
const PHRASING = new Set(
  "a abbr b bdi bdo big cite code data del dfn em font i ins kbd label mark q ruby s samp small span strike strong sub sup time tt u var wbr".split(
    " ",
  ),
);

/** Shapes of SVG that have no content, if they say so. */
const SHAPES = new Set(
  "animate circle ellipse image line path polygon polyline rect stop use svg math mspace".split(
    " ",
  ),
);

export interface HtmlReading {
  readonly edits: readonly Edit[];
  /** Whether nothing is open at the end that would hide what comes behind. */
  readonly isClosed: boolean;
}

/**
 * What to change in a text that holds HTML between words and Markdown: the tags go, and comments, and
 * elements that are not shown with all that is in them; an image leaves its mark.
 *
 * GitHub's Markdown leaves HTML as it is, and what reads the page goes through all of it as one: a comment
 * or element that is open at the end of one piece hides what comes after it, Markdown too. A tag that is
 * open at the end of a piece takes in text from there on, and so the rest of the text goes.
 *
 * @param pieces the HTML in the text, in its order, each as the lines that it takes up
 */
export function readHtml(text: string, pieces: readonly (readonly Span[])[]): HtmlReading {
  if (pieces.length === 0) return { edits: [], isClosed: true };
  const stream = new Stream(text, pieces);
  const asTags = new Reader(text, stream).read();
  // GitHub shows tags like <style> as text, others do not know where those end: both must agree.
  const hasRawText = /<(?:iframe|no|plaintext|script|style|textarea|title|xmp)/iu.test(stream.html);
  if (!hasRawText) return asTags;
  const asText = new Reader(text, stream, RAW_TEXT).read();
  return {
    edits: [...asTags.edits, ...asText.edits.map((edit) => ({ ...edit, kinds: [] }))],
    isClosed: asTags.isClosed && asText.isClosed,
  };
}

/** The lines of all the pieces of HTML as one, and where each place in it is in the text. */
class Stream {
  readonly html: string;
  readonly #lines: readonly (Span & { readonly piece: number; readonly offset: number })[];
  #index = 0;

  constructor(text: string, pieces: readonly (readonly Span[])[]) {
    let offset = 0;
    this.#lines = pieces.flatMap((lines, piece) =>
      lines.map(({ start, end }) => {
        const line = { start, end, piece, offset };
        offset += end - start + 1;
        return line;
      }),
    );
    // The line break at the end is only in what has no end.
    this.html = `${this.#lines.map(({ start, end }) => text.slice(start, end)).join("\n")}\n`;
  }

  #lineAt(offset: number): Span & { readonly piece: number; readonly offset: number } {
    const lines = this.#lines;
    while ((lines[this.#index]?.offset ?? 0) > offset) this.#index -= 1;
    while ((lines[this.#index + 1]?.offset ?? Number.POSITIVE_INFINITY) <= offset) this.#index += 1;
    return lines[this.#index] ?? { start: 0, end: 0, piece: 0, offset: 0 };
  }

  pieceAt(offset: number): number {
    return this.#lineAt(offset).piece;
  }

  /** The offset in the text; that behind a line for the line break which joins it to the next. */
  inText(offset: number): number {
    const line = this.#lineAt(offset);
    return line.start + offset - line.offset;
  }
}

/** An element that is not shown, with the names of those that are open in it. */
interface HiddenElement {
  readonly start: number;
  readonly open: string[];
}

class Reader {
  readonly #edits: Edit[] = [];
  readonly #text: string;
  readonly #stream: Stream;
  readonly #tokenizer: Tokenizer;
  readonly #rawText: ReadonlyMap<string, Tokenizer["state"]> | undefined;
  #hidden: HiddenElement | null = null;
  /** How far there are tokens. */
  #end = 0;
  #isLost = false;
  #isClosed = true;

  constructor(text: string, stream: Stream, rawText?: ReadonlyMap<string, Tokenizer["state"]>) {
    this.#text = text;
    this.#stream = stream;
    this.#rawText = rawText;
    const skip = ({ location }: Token.CharacterToken) => {
      this.#end = location?.endOffset ?? this.#end;
    };
    this.#tokenizer = new Tokenizer(
      { sourceCodeLocationInfo: true },
      {
        onComment: (token) => this.#comment(token),
        onDoctype: (token) => this.#comment(token),
        onStartTag: (token) => this.#startTag(token),
        onEndTag: (token) => this.#endTag(token),
        onCharacter: skip,
        onWhitespaceCharacter: skip,
        onNullCharacter: skip,
        onEof: () => this.#eof(),
      },
    );
  }

  read(): HtmlReading {
    this.#tokenizer.write(this.#stream.html, true);
    return { edits: this.#edits, isClosed: this.#isClosed };
  }

  /** A token's place in the text; null once one has taken in what is no HTML. */
  #place(token: Token.Token): Span | null {
    const { location } = token;
    if (location === null || this.#isLost) return null;
    const { startOffset, endOffset } = location;
    this.#end = endOffset;
    // Only a comment takes in what Markdown makes of the text between and nothing else.
    const isComment = this.#stream.html.startsWith("<!--", startOffset);
    if (!isComment && this.#stream.pieceAt(startOffset) !== this.#stream.pieceAt(endOffset - 1)) {
      this.#lose(startOffset);
      return null;
    }
    const start = this.#stream.inText(startOffset);
    const isOpen = endOffset >= this.#stream.html.length;
    this.#isClosed &&= !isOpen;
    return { start, end: isOpen ? this.#text.length : this.#stream.inText(endOffset - 1) + 1 };
  }

  #lose(from: number): void {
    this.#isLost = true;
    this.#isClosed = false;
    const start = this.#stream.inText(from);
    this.#edits.push(cut({ start, end: this.#text.length }, "unreadable_markup"));
  }

  #comment(token: Token.CommentToken | Token.DoctypeToken): void {
    const place = this.#place(token);
    if (place !== null) this.#edits.push(cut(place, "hidden_comment"));
  }

  #startTag(token: Token.TagToken): void {
    const place = this.#place(token);
    if (place === null) return;
    const { tagName: name, attrs, selfClosing } = token;
    const state = this.#rawText?.get(name);
    if (state !== undefined) this.#tokenizer.state = state;
    const hidden = isHidden(name, attrs);
    const hasContent = !isVoid(name) && !(selfClosing && SHAPES.has(name));
    if (this.#hidden !== null) {
      if (hasContent) this.#hidden.open.push(name);
    } else if (hidden && hasContent) {
      this.#hidden = { start: place.start, open: [name] };
    } else if (name === "img" && !hidden) {
      const address = attrs.find((attribute) => attribute.name === "src")?.value ?? "";
      this.#edits.push({ ...place, text: imageMark(address), kinds: hiddenIn(attrs) });
    } else {
      this.#edits.push(this.#withoutTag(place, name, token));
    }
  }

  #endTag(token: Token.TagToken): void {
    const place = this.#place(token);
    if (place === null) return;
    const { tagName: name } = token;
    if (this.#hidden === null) {
      this.#edits.push(this.#withoutTag(place, name, token));
      return;
    }
    // An end tag that is not the innermost element's ends nothing for sure.
    if (this.#hidden.open.at(-1) !== name) return;
    this.#hidden.open.pop();
    if (this.#hidden.open.length > 0) return;
    this.#edits.push(cut({ start: this.#hidden.start, end: place.end }, "hidden_element"));
    this.#hidden = null;
  }

  #withoutTag(place: Span, name: string, { attrs }: Token.TagToken): Edit {
    const isBreak = !PHRASING.has(name) && /\S/u.test(this.#text.charAt(place.end));
    return { ...place, text: isBreak ? " " : "", kinds: hiddenIn(attrs) };
  }

  #eof(): void {
    if (this.#hidden !== null) {
      this.#isClosed = false;
      this.#edits.push(
        cut({ start: this.#hidden.start, end: this.#text.length }, "hidden_element"),
      );
    }
    if (!this.#isLost && this.#end < this.#stream.html.length) this.#lose(this.#end);
  }
}
