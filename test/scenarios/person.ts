/** A person's browser, without scripts: it keeps cookies by host, and follows redirects. */
interface PersonsBrowser {
  /** Opens an address, and follows where it's sent; gives the page. */
  open(url: string): Promise<Page>;
  /** Sends the form of the last page whose action ends so, with more fields. */
  submit(action: string, fields?: Readonly<Record<string, string>>): Promise<Page>;
}

/** What a browser shows. */
interface Page {
  readonly url: string;
  readonly status: number;
  readonly html: string;
}

const MAX_REDIRECTS = 10;

/** A browser in which nobody is signed in. */
function openPersonsBrowser(): PersonsBrowser {
  const jars = new Map<string, Map<string, string>>();
  let page: Page = { url: "about:blank", status: 0, html: "" };

  async function send(url: string, init: RequestInit, left = MAX_REDIRECTS): Promise<Page> {
    if (left === 0) throw new Error(`too many redirects at ${url}`);
    const { host, origin } = new URL(url);
    const jar = jars.get(host) ?? new Map<string, string>();
    jars.set(host, jar);
    const cookie = [...jar].map((one) => one.join("=")).join("; ");
    const headers = { ...Object.fromEntries(new Headers(init.headers)), cookie, origin };
    const response = await fetch(url, { ...init, headers, redirect: "manual" });
    for (const line of response.headers.getSetCookie()) {
      const [pair = "", ...attributes] = line.split(/; */u);
      const at = pair.indexOf("=");
      const isGone = attributes.some((one) => /^max-age=0$/iu.test(one));
      if (isGone) jar.delete(pair.slice(0, at));
      else jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const location = response.headers.get("location");
    if (location !== null) {
      await response.body?.cancel();
      return send(new URL(location, url).href, {}, left - 1);
    }
    page = { url, status: response.status, html: await response.text() };
    return page;
  }

  return {
    open: (url) => send(url, {}),
    submit(action, fields = {}) {
      const forms = page.html.split("<form").slice(1);
      const form = forms.find((one) => new RegExp(`action="[^"]*${action}"`, "u").test(one));
      if (form === undefined) throw new Error(`no form ${action} on ${page.url}: ${page.html}`);
      const [whole = ""] = form.split("</form>");
      const hidden = whole.matchAll(
        /<input[^>]*name="(?<name>[^"]+)"[^>]*value="(?<value>[^"]*)"/gu,
      );
      const body = new URLSearchParams(fields);
      for (const { groups } of hidden) {
        if (!body.has(groups?.["name"] ?? ""))
          body.set(groups?.["name"] ?? "", unescaped(groups?.["value"] ?? ""));
      }
      const target = /action="(?<action>[^"]*)"/u.exec(form)?.groups?.["action"] ?? "";
      return send(new URL(unescaped(target), page.url).href, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: body.toString(),
      });
    },
  };
}

function unescaped(text: string): string {
  return text.replaceAll("&amp;", "&").replaceAll("&#39;", "'").replaceAll("&quot;", '"');
}

/** The link in a comment that asks its requester to connect. */
export function linkToConnect(comment: string): string {
  return /\[connect your Copilot\]\((?<url>[^)]+)\)/u.exec(comment)?.groups?.["url"] ?? "";
}

/** A person signs in to GitHub and agrees, behind a link of the bot's; gives the page that they come to. */
export async function connect(login: string, link: string): Promise<string> {
  const browser = openPersonsBrowser();
  const first = await browser.open(link);
  if (first.html.includes("/connect/start")) await browser.submit("/connect/start");
  const page = await browser.submit("/login", { login });
  // Whoever has agreed before isn't asked again.
  if (!page.html.includes('name="authorize"')) return page.html;
  const { html } = await browser.submit("/authorize", { authorize: "1" });
  return html;
}
