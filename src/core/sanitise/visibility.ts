import type { RemovedKind } from "./removed.ts";
import { safeAddress } from "./address.ts";

interface Attribute {
  readonly name: string;
  readonly value: string;
}

/** Elements whose content is not shown, or only where something else cannot be. */
const HIDDEN_ELEMENTS = new Set(
  "applet audio canvas datalist dialog head iframe math meter noembed noframes noscript object plaintext progress rp script style svg template textarea title video xmp".split(
    " ",
  ),
);

const VOID_ELEMENTS = new Set(
  "area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr".split(
    " ",
  ),
);

/** Classes by which style sheets hide what is for screen readers. */
const HIDDEN_CLASS = /(?:^|\s)(?:sr-only|visually-hidden|hidden|d-none|invisible)(?:\s|$)/iu;

/** Properties of style that cannot make text invisible, with values that do not. */
const HARMLESS_PROPERTY =
  /^(?:text-align|vertical-align|font-weight|font-style|font-family|text-decoration|white-space|word-break|overflow-wrap|border(?:-[a-z]+)*|float|clear|list-style(?:-[a-z]+)?)$/u;
const HARMLESS_LENGTH = /^(?:margin|padding|width|max-width|min-width)(?:-[a-z]+)?$/u;
const HARMLESS_VALUE =
  /^(?:auto|0|[1-9][0-9]{0,3}(?:px|em|rem|%|pt)?)(?: (?:auto|0|[1-9][0-9]{0,3}(?:px|em|rem|%|pt)?)){0,3}$/u;
/** Colours that can be read on white and on black. */
const READABLE_COLOUR =
  /^(?:red|green|blue|orange|purple|brown|teal|crimson|darkorange|firebrick|forestgreen|gr[ae]y|magenta|olive|royalblue|tomato)$/u;

/** Attributes that say how or where, not what. */
const LAYOUT_ATTRIBUTE =
  /^(?:align|valign|width|height|border|cellpadding|cellspacing|colspan|rowspan|open|start|type|target|rel|dir|lang|color|size|style|hidden|aria-hidden|class|href|src|nowrap|loading|disabled|checked)$/u;

export function isVoid(name: string): boolean {
  return VOID_ELEMENTS.has(name);
}

/** Whether an element with its content may be invisible. */
export function isHidden(name: string, attributes: readonly Attribute[]): boolean {
  return HIDDEN_ELEMENTS.has(name) || attributes.some(hides);
}

function hides({ name, value }: Attribute): boolean {
  const plain = value.trim().toLowerCase();
  switch (name) {
    case "hidden":
      return true;
    case "aria-hidden":
      return plain !== "false";
    case "class":
      return HIDDEN_CLASS.test(value);
    case "color":
      return !READABLE_COLOUR.test(plain);
    case "style":
      return plain.split(";").some((declaration) => !isHarmless(declaration));
    default:
      return false;
  }
}

function isHarmless(declaration: string): boolean {
  const [property = "", ...rest] = declaration.split(":").map((part) => part.trim());
  const value = rest.join(":");
  if (declaration.trim() === "") return true;
  // Escapes, comments and functions can mean anything.
  if (/[\\/(]/u.test(declaration)) return false;
  if (property === "color") return READABLE_COLOUR.test(value);
  if (HARMLESS_LENGTH.test(property)) return HARMLESS_VALUE.test(value);
  return HARMLESS_PROPERTY.test(property);
}

/** What is lost to nobody's eyes when the attributes go. */
export function hiddenIn(attributes: readonly Attribute[]): RemovedKind[] {
  return attributes.flatMap(({ name, value }): RemovedKind[] => {
    if (value.trim() === "") return [];
    if (name === "alt") return ["image_text"];
    if (name === "title") return ["link_title"];
    if (name === "href" || name === "src")
      return safeAddress(value) === null ? ["unsafe_link"] : [];
    return LAYOUT_ATTRIBUTE.test(name) ? [] : ["hidden_text"];
  });
}
