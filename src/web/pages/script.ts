import { createHash } from "node:crypto";

/**
 * What the pages do more where there's JavaScript: times in the reader's own zone, and a page that follows what
 * happens. Where a part of it fails, the page stays as the server sent it.
 */
export const SCRIPT = `"use strict";
(() => {
  const formats = {
    minute: new Intl.DateTimeFormat("en-US", { dateStyle: "medium", timeStyle: "short" }),
    second: new Intl.DateTimeFormat("en-US", { dateStyle: "medium", timeStyle: "medium" }),
  };
  const localize = (root) => {
    for (const time of root.querySelectorAll("time[data-precision]")) {
      const at = new Date(time.dateTime);
      const format = formats[time.dataset.precision];
      if (!format || Number.isNaN(at.getTime())) continue;
      time.title = time.textContent;
      time.textContent = format.format(at);
    }
  };

  // Regions as the server sent them. The keys of their forms are new each time.
  const print = (region) => {
    const copy = region.cloneNode(true);
    for (const field of copy.querySelectorAll("input[type=hidden]")) field.removeAttribute("value");
    return copy.outerHTML;
  };
  const seen = new Map();
  const regions = (root) => root.querySelectorAll("[data-live]");
  for (const region of regions(document)) seen.set(region.id, print(region));
  localize(document);

  const { events } = document.body.dataset;
  if (!events || !window.EventSource) return;

  const isText = (field) => field.matches("textarea, input:not([type=radio]):not([type=checkbox])");
  const isTyped = (field) =>
    field.matches("select")
      ? [...field.options].some((option) => option.selected !== option.defaultSelected)
      : field.matches("[type=radio], [type=checkbox]")
        ? field.checked !== field.defaultChecked
        : field.value !== field.defaultValue;

  const keep = (old, fresh) => {
    for (const field of old.querySelectorAll("textarea, select, input:not([type=hidden])")) {
      const twin = field.id && isTyped(field) && fresh.querySelector("#" + CSS.escape(field.id));
      if (!twin) continue;
      twin.value = field.value;
      if ("checked" in field) twin.checked = field.checked;
    }
    for (const part of old.querySelectorAll("details[id]")) {
      const twin = fresh.querySelector("#" + CSS.escape(part.id));
      if (twin) twin.open = part.open;
    }
  };
  const focusIn = (region, active, selection) => {
    const twin = active.id && region.querySelector("#" + CSS.escape(active.id));
    const target = twin || region;
    if (target === region) region.tabIndex = -1;
    target.focus({ preventScroll: true });
    if (twin && selection) twin.setSelectionRange(...selection);
  };

  const changed = new Map();
  let composing = false;
  const replace = (fresh) => {
    const old = document.getElementById(fresh.id);
    const printed = print(fresh);
    if (!old || seen.get(fresh.id) === printed) return;
    seen.set(fresh.id, printed);
    const active = old.contains(document.activeElement) ? document.activeElement : null;
    const selection = active && isText(active) ? [active.selectionStart, active.selectionEnd] : null;
    keep(old, fresh);
    localize(fresh);
    old.replaceWith(fresh);
    changed.set(fresh.id, performance.now());
    if (active) focusIn(fresh, active, selection);
  };
  const say = (text) => (document.getElementById("updates").textContent = text);

  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  // Not all pages at once, and each less often the longer it doesn't work: after about 2 seconds first, and 60 at most.
  const later = (failures) => Math.min(2_000 * 2 ** failures, 60_000) * (0.75 + Math.random() / 2);

  // Whether the page is as the server has it now.
  const load = async () => {
    const response = await fetch(location.href, { cache: "no-store", redirect: "manual" });
    // The bot, or GitHub, has a problem, or too much to do.
    if (response.status === 429 || response.status >= 500) return false;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    // Signed out, or not theirs anymore: the page itself says so.
    if (!response.ok || page.body.dataset.events === undefined) {
      location.reload();
      return true;
    }
    for (const region of regions(page)) replace(document.adoptNode(region));
    if (page.title !== document.title) say("Updated: " + page.title);
    document.title = page.title;
    return true;
  };

  let isLoading = false;
  let isWanted = false;
  const update = async () => {
    isWanted = true;
    if (isLoading) return;
    isLoading = true;
    let failures = 0;
    while (isWanted && !document.hidden && !composing) {
      isWanted = false;
      // Not all pages at once.
      await pause(Math.random() * 300);
      const isDone = await load().catch(() => false);
      if (!isDone) isWanted = true;
      await pause(isDone ? 700 : later(failures));
      failures = isDone ? 0 : failures + 1;
    }
    isLoading = false;
  };
  document.addEventListener("compositionstart", () => (composing = true));
  document.addEventListener("compositionend", () => {
    composing = false;
    if (isWanted) void update();
  });

  // Whoever presses a button just when something else moves into its place didn't mean that.
  document.addEventListener("submit", (event) => {
    const region = event.target.closest("[data-live]");
    if (!region || performance.now() - (changed.get(region.id) ?? -Infinity) > 700) return;
    event.preventDefault();
    say("This part of the page has just changed. Look at it, and press the button again.");
  });

  let source = null;
  let refused = 0;
  const open = () => {
    if (source || document.hidden) return;
    source = new EventSource(events);
    source.onmessage = () => void update();
    source.onopen = () => {
      refused = 0;
      // Nobody says what has changed since the server made the page.
      void update();
    };
    source.onerror = () => {
      // A connection that broke is opened again by the browser, but not one that the server refused. Why it did so isn't
      // said here. The page itself knows: whoever isn't signed in anymore is sent to sign in.
      if (source.readyState !== EventSource.CLOSED) return;
      source = null;
      void update();
      setTimeout(open, later(refused));
      refused += 1;
    };
  };
  // Browsers open few connections to a host, and pages that nobody sees need none.
  const close = () => {
    if (source) source.close();
    source = null;
  };
  const reopen = () => {
    close();
    open();
  };
  // A connection doesn't survive that the device sleeps, and nobody says so.
  let awake = Date.now();
  setInterval(() => {
    const hasSlept = Date.now() - awake > 60_000;
    awake = Date.now();
    if (hasSlept) reopen();
  }, 10_000);
  window.addEventListener("online", reopen);
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", open);
  open();
})();
`;

/** Where browsers get it: another text has another address. */
export const SCRIPT_PATH = `/assets/pages-${createHash("sha256").update(SCRIPT).digest("hex").slice(0, 16)}.js`;
