/** What may stand outside of quotes: none of it means anything to a shell. */
const PLAIN = /^[A-Za-z0-9_./:=@%+,~-]$/u;

/** Where a stream may go without a file being written. */
const REDIRECTION = /^(?:2>&1|[12]?>\/dev\/null)(?=[\s;|&]|$)/u;

const SEPARATOR = /^(?:&&|\|\||[;|\n])/u;

/**
 * The simple commands of a line for a POSIX shell, each as its words. Null when it holds anything but plain words,
 * quoted text without expansions, and separators: variables, substitutions, escapes, patterns, braces,
 * subshells, jobs in the background, comments, assignments, files that are written, and whatever else a shell
 * might read in another way than this does.
 */
export function simpleCommandsIn(text: string): readonly (readonly string[])[] | null {
  const commands: string[][] = [];
  let words: string[] = [];
  let rest = text;
  while (rest !== "") {
    const space = /^[ \t]+/u.exec(rest)?.[0] ?? REDIRECTION.exec(rest)?.[0];
    if (space !== undefined) {
      rest = rest.slice(space.length);
      continue;
    }
    const separator = SEPARATOR.exec(rest)?.[0];
    if (separator !== undefined) {
      commands.push(words);
      words = [];
      rest = rest.slice(separator.length);
      continue;
    }
    const word = firstWord(rest);
    if (word === null) return null;
    words.push(word.text);
    rest = rest.slice(word.length);
  }
  commands.push(words);
  const simple = commands.filter((command) => command.length > 0);
  return simple.some(([program = ""]) => program.includes("=")) ? null : simple;
}

/** The word at the beginning of a text, without its quotes, and how long it was with them. */
function firstWord(text: string): { readonly text: string; readonly length: number } | null {
  let word = "";
  let at = 0;
  while (at < text.length && !/[\s;|&<>]/u.test(text.charAt(at))) {
    const piece = quoted(text.slice(at)) ?? plain(text.charAt(at));
    if (piece === null) return null;
    word += piece.text;
    at += piece.length;
  }
  return at === 0 ? null : { text: word, length: at };
}

function plain(character: string) {
  return PLAIN.test(character) ? { text: character, length: 1 } : null;
}

/** In double quotes a shell still expands some characters. */
const QUOTED = /^(?:'(?<single>[^'\p{Cc}]*)'|"(?<double>[^"$`\\!\p{Cc}]*)")/u;

function quoted(text: string) {
  const found = QUOTED.exec(text);
  if (found === null) return null;
  return {
    text: found.groups?.["single"] ?? found.groups?.["double"] ?? "",
    length: found[0].length,
  };
}
