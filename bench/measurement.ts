/** What a series of rounds came to. */
export interface Sample {
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly rounds: readonly number[];
}

/** Ours and its floor, measured one right after the other. */
export interface Pair<Value> {
  readonly floor: Value;
  readonly ours: Value;
}

/** A line of the table. */
export interface Row {
  readonly figure: string;
  readonly unit: string;
  readonly ours: Sample;
  readonly floor: Sample | null;
  /** Ours ÷ floor, round by round. */
  readonly ratio: Sample | null;
  readonly target: Target | null;
  /** Null where nothing is to be reached. */
  readonly reached: boolean | null;
  readonly note?: string;
}

/** What a figure is to reach: a limit for the median of the ratio, or of ours where there is no floor. */
export interface Target {
  readonly type: "at least" | "at most";
  readonly value: number;
}

/** What is shown about a line besides its values. */
export interface RowText {
  readonly figure: string;
  readonly unit: string;
  readonly target: Target | null;
  readonly note?: string;
}

/** Floor, ours, floor, ours, …: what else the machine does meets both alike. */
export async function interleave<Value>(
  rounds: number,
  measure: { readonly floor: () => Promise<Value>; readonly ours: () => Promise<Value> },
): Promise<Pair<Value>[]> {
  const pairs: Pair<Value>[] = [];
  for (let round = 0; round < rounds; round += 1) {
    pairs.push({ floor: await measure.floor(), ours: await measure.ours() });
  }
  return pairs;
}

/** A line that compares ours with a floor. */
export function compare(text: RowText, pairs: readonly Pair<number>[]): Row {
  const ratio = sampleOf(pairs.map(({ ours, floor }) => ours / floor));
  return {
    ...text,
    ours: sampleOf(pairs.map(({ ours }) => ours)),
    floor: sampleOf(pairs.map(({ floor }) => floor)),
    ratio,
    reached: isReached(ratio.median, text.target),
  };
}

/** A line of a figure that stands for itself. */
export function plain(text: RowText, rounds: readonly number[]): Row {
  const ours = sampleOf(rounds);
  return { ...text, ours, floor: null, ratio: null, reached: isReached(ours.median, text.target) };
}

/** Pairs of one of the things that were measured together. */
export function pick<Value>(
  pairs: readonly Pair<Value>[],
  read: (value: Value) => number,
): Pair<number>[] {
  return pairs.map(({ floor, ours }) => ({ floor: read(floor), ours: read(ours) }));
}

export function sampleOf(rounds: readonly number[]): Sample {
  const sorted = rounds.toSorted((one, other) => one - other);
  return {
    median: quantile(sorted, 0.5),
    least: sorted[0] ?? NaN,
    most: sorted.at(-1) ?? NaN,
    rounds,
  };
}

/** The value that so much of a sorted list lies below; the mean of two where it falls between them. */
export function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)] ?? NaN;
  const above = sorted[Math.ceil(at)] ?? NaN;
  return (below + above) / 2;
}

function isReached(value: number, target: Target | null): boolean | null {
  if (target === null) return null;
  return target.type === "at least" ? value >= target.value : value <= target.value;
}
