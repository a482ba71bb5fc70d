/**
 * Why the bot can't start, in one sentence for its administrator, with the fix. `configuration`: starting again
 * changes nothing until somebody has fixed it. `outage`: it may pass by itself.
 */
export class CannotStart extends Error {
  override readonly name = "CannotStart";
  readonly reason: "configuration" | "outage";

  constructor(reason: "configuration" | "outage", message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
