import { decodeHTMLStrict } from "entities";

/** CommonMark's character references; none in HTML has a longer name. */
const REFERENCE = /&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});$/u;
const LONGEST = 34;

const HARMLESS: Readonly<Record<string, string>> = { "\n": " ", "\r": " ", "|": "\\|" };

/** Beginnings of a long text are put aside in pieces of this size: what is at hand stays short. */
const PIECE = 1_024;

/**
 * The text with its character references decoded, those too that come out of decoding others
 * (`&amp;lt;` is `<`). A line break that comes out becomes a space, and a pipe gets a backslash: they were
 * none that end a line or a cell where they stood.
 */
export function decodeEntities(text: string): string {
  const aside: string[] = [];
  let end = "";
  let from = 0;
  for (let at = text.indexOf(";"); at !== -1; at = text.indexOf(";", from)) {
    end += text.slice(from, at + 1);
    from = at + 1;
    if (end.length > 2 * PIECE) {
      aside.push(end.slice(0, -PIECE));
      end = end.slice(-PIECE);
    }
    end = decodeEnd(end);
    if (end.length < LONGEST) end = (aside.pop() ?? "") + end;
  }
  return `${aside.join("")}${end}${text.slice(from)}`;
}

/** What ends with a semicolon may end with a reference, and what that stands for may end with one again. */
function decodeEnd(text: string): string {
  let whole = text;
  while (whole.endsWith(";")) {
    const tail = whole.slice(-LONGEST);
    const reference = tail.includes("&") ? REFERENCE.exec(tail)?.[0] : undefined;
    if (reference === undefined) return whole;
    const decoded = decodeHTMLStrict(reference);
    if (decoded === reference) return whole;
    whole = whole.slice(0, -reference.length) + (HARMLESS[decoded] ?? decoded);
  }
  return whole;
}
