import { html, raw } from "hono/html";
import type { Html } from "./document.ts";

/** The signs of the pages, each in a square of 16. */
const ICONS = {
  queued: '<circle cx="8" cy="8" r="6.25"/><circle class="solid" cx="8" cy="8" r="1.5"/>',
  working:
    '<path d="M8 1.75a6.25 6.25 0 1 1-6.25 6.25"/><circle class="solid" cx="8" cy="8" r="2"/>',
  waiting: '<circle cx="8" cy="8" r="6.25"/><path d="M8 4.5v4M8 11v.5"/>',
  idle: '<circle cx="8" cy="8" r="6.25"/><path d="M6.25 5.75v4.5M9.75 5.75v4.5"/>',
  done: '<circle cx="8" cy="8" r="6.25"/><path d="m5.25 8.25 2 2 3.5-4.25"/>',
  failed: '<circle cx="8" cy="8" r="6.25"/><path d="m5.75 5.75 4.5 4.5m0-4.5-4.5 4.5"/>',
  stopped: '<circle cx="8" cy="8" r="6.25"/><path d="m3.75 12.25 8.5-8.5"/>',
  answered: '<path d="M2 2.75h12v8.5H7.5L4.5 14v-2.75H2z"/>',
  bot: '<rect x="1.75" y="5.75" width="12.5" height="8" rx="2.5"/><path d="M8 5.5V2.25M5.5 8.75v2M10.5 8.75v2"/>',
  pull: '<circle cx="4" cy="3.5" r="1.75"/><circle cx="4" cy="12.5" r="1.75"/><circle cx="12" cy="12.5" r="1.75"/><path d="M4 5.25v5.5M12 10.75V6.5a2.5 2.5 0 0 0-2.5-2.5H7.75m2-2.25L7.5 4l2.25 2.25"/>',
  link: '<path d="M6.5 2.75h-4v10.5h10.5v-4M9.5 2.25h4.25V6.5M13.5 2.5 7.5 8.5"/>',
  search: '<circle cx="7" cy="7" r="4.75"/><path d="m10.5 10.5 3.75 3.75"/>',
} as const;

export type IconName = keyof typeof ICONS;

/** A sign beside words that say the same. */
export function icon(name: IconName): Html {
  return html`<svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
    ${raw(ICONS[name])}
  </svg>`;
}

/** The bot's sign as a picture of its own, in a gray that's seen on light and on dark. */
export const FAVICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" fill="none" stroke="#818b98" stroke-width="1.5" stroke-linecap="round">${ICONS.bot}</svg>`;
