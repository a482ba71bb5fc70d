import { escapeUTF8 } from "entities";
import type { Answer } from "../shapes.ts";

/** A page of the web interface; the body is HTML, in which every text is escaped. */
export function page(status: number, title: string, body: string): Answer {
  const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeUTF8(title)} · GitHub sandbox</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 2rem auto; max-width: 28rem; padding: 0 1rem; }
button { font: inherit; margin: .25rem .5rem .25rem 0; padding: .4rem 1rem; }
</style>
<h1>${escapeUTF8(title)}</h1>
${body}
</html>
`;
  const headers = { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" };
  return { status, headers, body: Buffer.from(html) };
}

/** Fields that a form sends without showing them. */
export function hidden(fields: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(fields)
    .flatMap(([name, value]) =>
      value === undefined
        ? []
        : [`<input type="hidden" name="${escapeUTF8(name)}" value="${escapeUTF8(value)}">`],
    )
    .join("\n");
}

/** Sends the browser elsewhere. */
export function redirect(location: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status: 302, headers: { location, ...headers }, body: undefined };
}

/** GitHub's page for what isn't there. */
export const NO_PAGE: Answer = page(
  404,
  "Page not found",
  "<p>This is not the web page you are looking for.</p>",
);
