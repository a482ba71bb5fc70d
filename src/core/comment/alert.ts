/** GitHub's notices in a color of their own. */
export type AlertType = "NOTE" | "IMPORTANT" | "WARNING" | "CAUTION";

/** Paragraphs in one of GitHub's notices. Markdown lines; none without paragraphs. */
export function alert(type: AlertType, texts: readonly string[]): string[] {
  const shown = texts.filter((paragraph) => paragraph !== "");
  if (shown.length === 0) return [];
  const lines = shown.join("\n\n").split("\n");
  return [`> [!${type}]`, ...lines.map((line) => (line === "" ? ">" : `> ${line}`))];
}

/** Paragraphs with an empty line between them. */
export function paragraphs(...all: readonly (string | null)[]): string[] {
  return all
    .filter((one) => one !== null && one !== "")
    .flatMap((one, index) => (index === 0 ? [one ?? ""] : ["", one ?? ""]));
}
