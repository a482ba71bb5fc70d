import type { DefaultTreeAdapterTypes } from "parse5";
import { defaultTreeAdapter, parse } from "parse5";

/** A person's browser, without scripts: it keeps cookies by host, and sends the forms that it shows. */
export interface Browser {
  /** Asks for an address, or sends fields there. It isn't redirected. */
  send(url: string, fields?: Fields): Promise<Page>;
  /** Opens an address, and follows where it's redirected; gives the page there. */
  open(url: string): Promise<Page>;
  /** Sends the form of the last page whose action has this path, with more fields, and follows where that leads. */
  submit(path: string, fields?: Fields): Promise<Page>;
  /** Opens an event stream, as the last page's script does; rejects when it isn't opened. */
  watch(url: string): Promise<EventStream>;
}

/** An event stream that stays open. */
export interface EventStream {
  /** Resolves when the next event has come; rejects when the stream ends before. */
  changed(): Promise<void>;
  close(): void;
}

/** What a browser got. */
export interface Page {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
  /** Where it would go; null when it isn't redirected. */
  readonly location: string | null;
}

type Fields = Readonly<Record<string, string>>;
type Element = DefaultTreeAdapterTypes.Element;

const MAX_REDIRECTS = 10;

/** A browser in which nobody is signed in. @param home what addresses without a host are relative to at first */
export function createBrowser(home = "about:blank"): Browser {
  const jars = new Map<string, Map<string, string>>();
  let shown: Page = { url: home, status: 0, headers: new Headers(), html: "", location: null };

  function jarOf(host: string): Map<string, string> {
    const jar = jars.get(host) ?? new Map<string, string>();
    jars.set(host, jar);
    return jar;
  }

  async function send(to: string, fields?: Fields): Promise<Page> {
    const { href: url, host } = new URL(to, shown.url);
    const jar = jarOf(host);
    const cookie = cookieOf(jar);
    // As a browser does for a form: the origin of the page that has it.
    const { origin } = new URL(shown.url);
    const response = await fetch(url, {
      redirect: "manual",
      ...(fields === undefined
        ? { headers: { cookie } }
        : { method: "POST", headers: { cookie, origin }, body: new URLSearchParams(fields) }),
    });
    for (const line of response.headers.getSetCookie()) keep(line, jar);
    const { status, headers } = response;
    const location = headers.get("location");
    const page = { url, status, headers, html: await response.text(), location };
    if (page.location === null) shown = page;
    return page;
  }

  async function follow(page: Page, left = MAX_REDIRECTS): Promise<Page> {
    if (page.location === null) return page;
    if (left === 0) throw new Error(`too many redirects at ${page.url}`);
    return follow(await send(new URL(page.location, page.url).href), left - 1);
  }

  return {
    send,
    open: async (url) => follow(await send(url)),
    async submit(path, fields = {}) {
      const action = (form: Element) => new URL(attribute(form, "action"), shown.url);
      const form = elements(shown.html, "form").find((one) => action(one).pathname === path);
      if (form === undefined) throw new Error(`no form ${path} on ${shown.url}: ${shown.html}`);
      return follow(await send(action(form).href, { ...hiddenFields(form), ...fields }));
    },
    watch(to) {
      const { href, host } = new URL(to, shown.url);
      return openStream(href, cookieOf(jarOf(host)));
    },
  };
}

function cookieOf(jar: ReadonlyMap<string, string>): string {
  return [...jar].map((one) => one.join("=")).join("; ");
}

async function openStream(url: string, cookie: string): Promise<EventStream> {
  const end = new AbortController();
  const headers = { accept: "text/event-stream", cookie };
  const { status, body } = await fetch(url, { headers, signal: end.signal });
  if (status !== 200 || body === null) throw new Error(`${url} answers with ${status}`);
  const chunks = body.pipeThrough(new TextDecoderStream()).getReader();
  return {
    async changed() {
      for (;;) {
        const { value = "", done } = await chunks.read();
        if (/^data:/mu.test(value)) return;
        if (done) throw new Error(`${url} ended`);
      }
    },
    close: () => end.abort(),
  };
}

function keep(line: string, jar: Map<string, string>): void {
  const [, name = "", value = ""] = /^(?<name>[^=]+)=(?<value>[^;]*)/u.exec(line) ?? [];
  if (/; *Max-Age=0(?:;|$)/iu.test(line)) jar.delete(name);
  else jar.set(name, value);
}

function hiddenFields(form: Element): Fields {
  const inputs = elements(form, "input").filter((one) => attribute(one, "type") === "hidden");
  return Object.fromEntries(
    inputs.map((one) => [attribute(one, "name"), attribute(one, "value")] as const),
  );
}

/** The main heading of a page. */
export function headingOf({ html }: Page): string {
  const [heading] = elements(html, "h1");
  const texts = heading?.childNodes.filter((node) => defaultTreeAdapter.isTextNode(node)) ?? [];
  return texts.map(({ value }) => value).join("");
}

/** All elements of this name, in the order of the page. */
function elements(within: string | DefaultTreeAdapterTypes.ParentNode, name: string): Element[] {
  const parent = typeof within === "string" ? parse(within) : within;
  const children = parent.childNodes.filter((node) => defaultTreeAdapter.isElementNode(node));
  return children.flatMap((node) => {
    const inner = elements(node, name);
    return node.tagName === name ? [node].concat(inner) : inner;
  });
}

function attribute({ attrs }: Element, name: string): string {
  return attrs.find((one) => one.name === name)?.value ?? "";
}
