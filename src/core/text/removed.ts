/** What is taken out of other people's text, and how it's reported. */
const NAMES = {
  hidden_comment: ["hidden comment", "hidden comments"],
  hidden_text: ["piece of hidden text", "pieces of hidden text"],
  image_text: ["text of an image", "texts of images"],
  link_title: ["tooltip", "tooltips"],
  unsafe_link: ["unsafe link", "unsafe links"],
  invisible_character: ["invisible character", "invisible characters"],
  control_sequence: ["control sequence", "control sequences"],
  unreadable_markup: ["piece of unreadable markup", "pieces of unreadable markup"],
  credential: ["credential", "credentials"],
} as const satisfies Record<string, readonly [one: string, many: string]>;

export type RemovedKind = keyof typeof NAMES;

/** What was taken out, by kind, with how many. */
export type Removed = Readonly<Partial<Record<RemovedKind, number>>>;

/** A text, and what was taken out of it to make it so. */
export interface Cleaned {
  readonly text: string;
  readonly removed: Removed;
}

const KINDS: readonly RemovedKind[] = [
  "hidden_comment",
  "hidden_text",
  "image_text",
  "link_title",
  "unsafe_link",
  "invisible_character",
  "control_sequence",
  "unreadable_markup",
  "credential",
];

/** The sums of both. */
export function addRemoved(one: Removed, other: Removed): Removed {
  const sums: Partial<Record<RemovedKind, number>> = {};
  for (const kind of KINDS) {
    const sum = (one[kind] ?? 0) + (other[kind] ?? 0);
    if (sum > 0) sums[kind] = sum;
  }
  return sums;
}

/** "2 hidden comments and 14 invisible characters"; "" when nothing was taken out. */
export function describeRemoved(removed: Removed): string {
  const parts = KINDS.flatMap((kind) => {
    const count = removed[kind] ?? 0;
    const [one, many] = NAMES[kind];
    return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
  });
  const last = parts.pop() ?? "";
  return parts.length === 0 ? last : `${parts.join(", ")} and ${last}`;
}
