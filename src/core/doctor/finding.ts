/** What one check of the doctor's found. */
export interface Finding {
  readonly level: "ok" | "warning" | "failed";
  /** What was checked, e.g. `permissions of the App`. */
  readonly what: string;
  /** What was found. One line of our own words; what others said in it is in inline code. */
  readonly found: string;
  /** What fixes it; null when nothing is wrong. */
  readonly cure: string | null;
}
