import type { Hono } from "hono";

/** What a browser shows, or where it would go. */
export interface Shown {
  readonly status: number;
  readonly headers: Headers;
  /** The page as HTML. */
  readonly html: string;
  /** What people read of it. */
  readonly text: string;
  /** Where it's redirected; null when it isn't. */
  readonly location: string | null;
}

/** A browser without JavaScript: it keeps cookies, and sends the forms that it was shown. */
export interface Browser {
  /** Cookies by their names. */
  readonly cookies: Map<string, string>;
  get(url: string): Promise<Shown>;
  /** Sends the form of the last page that has this action, with more fields. */
  submit(action: string, fields?: Readonly<Record<string, string>>): Promise<Shown>;
  /** Sends whatever request. */
  send(url: string, init: RequestInit): Promise<Shown>;
}

/** As Chromium asks for a page. */
export const ACCEPTED = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/** Event streams are opened by a page's script. */
const acceptedOf = (url: string) => (url.endsWith("/events") ? "text/event-stream" : ACCEPTED);

/** Opens a browser. @param onSeen gets every header and body that comes back */
export function openBrowser(
  app: Hono,
  publicUrl: string,
  onSeen: (text: string) => void = () => {},
): Browser {
  const cookies = new Map<string, string>();
  let page = "";

  async function send(url: string, init: RequestInit): Promise<Shown> {
    const headers = new Headers(init.headers);
    if (!headers.has("accept")) headers.set("accept", acceptedOf(url));
    const kept = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    if (kept !== "" && !headers.has("cookie")) headers.set("cookie", kept);
    const { method = "GET", body = "" } = init;
    if (method === "POST" && typeof body === "string" && !headers.has("content-length")) {
      headers.set("content-length", `${Buffer.byteLength(body)}`);
    }
    const response = await app.request(new URL(url, publicUrl).href, { ...init, headers });
    for (const line of response.headers.getSetCookie()) keep(line);
    const html = await response.text();
    onSeen([...response.headers].map((header) => header.join(": ")).join("\n") + html);
    if (html !== "") page = html;
    const { status } = response;
    const location = response.headers.get("location");
    return { status, headers: response.headers, html, text: textOf(html), location };
  }

  function keep(line: string): void {
    const [, name = "", value = ""] = /^(?<name>[^=]+)=(?<value>[^;]*)/u.exec(line) ?? [];
    if (/; Max-Age=0(?:;|$)/u.test(line)) cookies.delete(name);
    else cookies.set(name, value);
  }

  return {
    cookies,
    send,
    get: (url) => send(url, {}),
    submit(action, fields = {}) {
      const form = page.split("<form ").find((one) => one.includes(`action="${action}"`)) ?? "";
      const token = /name="form_token" value="(?<value>[^"]+)"/u.exec(form)?.groups?.["value"];
      if (token === undefined) throw new Error(`The page has no form ${action}: ${textOf(page)}`);
      const body = new URLSearchParams({ form_token: token, ...fields }).toString();
      return send(action, { method: "POST", headers: formHeaders(publicUrl), body });
    },
  };
}

/** As a browser sends a form of the page's own origin. */
export function formHeaders(origin: string): Record<string, string> {
  return {
    "content-type": "application/x-www-form-urlencoded",
    origin,
    "sec-fetch-site": "same-origin",
  };
}

/** A line for each paragraph, button, and row. */
export function textOf(html: string): string {
  const lines = html
    .slice(Math.max(0, html.indexOf("<body")))
    .replaceAll(/\s+/gu, " ")
    .replace(/<a class="skip".*?<\/a>/u, "")
    .replaceAll(
      /<\/(?:p|header|h1|h2|h3|label|button|dt|dd|section|div|li|option|legend|pre|tr)>/gu,
      "\n",
    )
    .replaceAll(/<\/(?:td|th|span)>/gu, " ")
    .replaceAll(/<[^>]*>/gu, "")
    .replaceAll(/ +/gu, " ")
    .replaceAll("&#39;", "'")
    .split("\n");
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join("\n");
}
