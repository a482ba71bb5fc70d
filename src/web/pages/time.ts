import { html } from "hono/html";
import type { Html } from "./document.ts";

const FORMATS = {
  minute: new Intl.DateTimeFormat("en-US", {
    dateStyle: "medium",
    timeStyle: "short",
    timeZone: "UTC",
  }),
  second: new Intl.DateTimeFormat("en-US", {
    dateStyle: "medium",
    timeStyle: "medium",
    timeZone: "UTC",
  }),
};

/**
 * A moment in UTC, which the pages' script shows in the reader's own zone.
 *
 * @param iso ISO 8601
 */
export function timeOf(iso: string, precision: keyof typeof FORMATS = "minute"): Html {
  const shown = FORMATS[precision].format(new Date(iso));
  return html`<time datetime="${iso}" data-precision="${precision}">${shown} UTC</time>`;
}

/** A length of time in words, e.g. `2 h 5 min`. */
export function spanOf(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} days`;
}
