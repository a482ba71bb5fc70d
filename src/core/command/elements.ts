import { type Token, Tokenizer, type TokenHandler } from "parse5";

/** Elements that have no content, and so no end. */
const VOID = new Set(
  "area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr".split(
    " ",
  ),
);

/** Elements whose content is not shown, or only where something else cannot be. */
const UNSEEN = new Set(
  "applet audio canvas datalist dialog head iframe math meter noembed noframes noscript object plaintext progress rp script style svg template textarea title video xmp".split(
    " ",
  ),
);

const HIDING_CLASS =
  /(?:^|\s)(?:sr-only|visually-hidden|hidden|d-none|invisible|show-on-focus|render-plaintext-hidden)(?:\s|$)/iu;
const HIDING_STYLE = /display\s*:\s*none|visibility\s*:|opacity\s*:|font-size\s*:\s*0|color\s*:/iu;

/** Whether people may not see what is in an element. */
function isHidden(name: string, attributes: Token.TagToken["attrs"]): boolean {
  const value = (of: string) => attributes.find((attribute) => attribute.name === of)?.value ?? "";
  return (
    UNSEEN.has(name) ||
    attributes.some((attribute) => attribute.name === "hidden") ||
    value("aria-hidden") === "true" ||
    HIDING_CLASS.test(value("class")) ||
    HIDING_STYLE.test(value("style"))
  );
}

/** Elements whose content is somebody else's words, an example, or taken back. */
const QUOTING = new Set(
  "blockquote q cite pre code tt samp kbd listing plaintext del s strike".split(" "),
);

/** Elements that make of a line something else than a line of its own. */
const FORMATTING = new Set(
  "li ul ol dl dt dd table caption tbody thead tfoot tr td th h1 h2 h3 h4 h5 h6 b strong em i u ins mark sub sup big small summary figcaption".split(
    " ",
  ),
);

interface OpenElement {
  readonly name: string;
  readonly role: "quoting" | "formatting" | "other";
  /** Whether its end comes: an element that only begins is often a mere word, such as a type's parameter. */
  isClosed: boolean;
}

/** What a place in the text is inside of. */
export type Inside =
  /** Nothing that matters. */
  | "nothing"
  /** An element that has no effect on what Markdown makes of the text. */
  | "element"
  /** An element with which the text is no command for sure. */
  | "formatting"
  /** A quote, code, a closed `<details>`, or what nobody sees. */
  | "quoting";

/** The HTML of a comment in its order, with the places that are asked about. */
export class Elements {
  readonly #pieces: string[] = [];
  /** Offsets in the HTML; they grow. */
  readonly #places: number[] = [];
  #length = 0;

  /** The next piece of HTML. */
  add(html: string): void {
    this.#pieces.push(html);
    this.#length += html.length;
  }

  /** Marks this place; gives its number. */
  mark(): number {
    return this.#places.push(this.#length) - 1;
  }

  /** What each place is inside of, as a browser reads the HTML. */
  read(): readonly Inside[] {
    const html = this.#pieces.join("");
    const reader = new Reader(this.#places);
    const tokenizer = new Tokenizer({ sourceCodeLocationInfo: true }, reader);
    tokenizer.write(html, true);
    return reader.end(html.length);
  }
}

/** Follows the tags, and notes at each place which elements are open. */
class Reader implements TokenHandler {
  readonly #places: readonly number[];
  readonly #open: OpenElement[] = [];
  /** Null for a place in the middle of a tag or a comment. */
  readonly #around: (readonly OpenElement[] | null)[] = [];
  #end = 0;

  constructor(places: readonly number[]) {
    this.#places = places;
  }

  onStartTag(token: Token.TagToken): void {
    this.#pass(token);
    if (!VOID.has(token.tagName)) this.#open.push(elementOf(token));
  }

  onEndTag(token: Token.TagToken): void {
    this.#pass(token);
    const index = this.#open.findLastIndex(({ name }) => name === token.tagName);
    if (index === -1) return;
    // What is open in an element ends with it.
    for (const element of this.#open.splice(index)) element.isClosed = true;
  }

  onComment(token: Token.CommentToken): void {
    this.#pass(token);
  }

  onDoctype(token: Token.DoctypeToken): void {
    this.#pass(token);
  }

  onCharacter({ location }: Token.CharacterToken): void {
    this.#end = location?.endOffset ?? this.#end;
  }

  onWhitespaceCharacter(token: Token.CharacterToken): void {
    this.onCharacter(token);
  }

  onNullCharacter(token: Token.CharacterToken): void {
    this.onCharacter(token);
  }

  onEof(): void {}

  /** A tag that is open at the end takes in what is behind it. */
  end(length: number): readonly Inside[] {
    this.#note(this.#end);
    while (this.#around.length < this.#places.length) {
      const isInTag = this.#end < length;
      this.#around.push(isInTag ? null : [...this.#open]);
    }
    return this.#around.map(insideOf);
  }

  #pass({ location }: Token.Token): void {
    const { startOffset, endOffset } = location ?? { startOffset: this.#end, endOffset: this.#end };
    this.#note(startOffset);
    while ((this.#places[this.#around.length] ?? Number.POSITIVE_INFINITY) < endOffset) {
      this.#around.push(null);
    }
    this.#end = endOffset;
  }

  /** The places up to this one. */
  #note(offset: number): void {
    while ((this.#places[this.#around.length] ?? Number.POSITIVE_INFINITY) <= offset) {
      this.#around.push([...this.#open]);
    }
  }
}

function elementOf({ tagName: name, attrs }: Token.TagToken): OpenElement {
  const isFolded = name === "details" && !attrs.some((attribute) => attribute.name === "open");
  const isQuoting = QUOTING.has(name) || isFolded || isHidden(name, attrs);
  const isFormatting = FORMATTING.has(name) || name === "details";
  const role = isQuoting ? "quoting" : isFormatting ? "formatting" : "other";
  return { name, role, isClosed: false };
}

function insideOf(open: readonly OpenElement[] | null): Inside {
  if (open === null) return "quoting";
  if (open.some(({ role, isClosed }) => role === "quoting" && isClosed)) return "quoting";
  if (
    open.some(({ role, isClosed }) => role === "quoting" || (role === "formatting" && isClosed))
  ) {
    return "formatting";
  }
  return open.some(({ isClosed }) => isClosed) ? "element" : "nothing";
}
