import type { Row } from "./measurement.ts";

/** Something that is measured, and runs alone by its name. */
export interface Figure {
  readonly name: string;
  readonly measure: (run: Run) => Promise<Row[]>;
}

/** What a figure is measured with. */
export interface Run {
  /** How many times floor and ours are measured in turn. */
  readonly rounds: number;
  /** An empty directory on a disk, gone after the run. */
  readonly directory: string;
  /** Reports progress to whoever waits. */
  readonly say: (line: string) => void;
}
