/** A refusal as a page. It has nothing but what it says, because there may be no other page to lead to. */
export function problemPage(status: number, sentence: string): string {
  const title = TITLES.get(status) ?? "Something went wrong";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>${title} · Copilot task bot</title>
</head>
<body>
<main>
<h1>${title}</h1>
<p>${sentence.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</p>
</main>
</body>
</html>`;
}

const TITLES: ReadonlyMap<number, string> = new Map([
  [404, "Page not found"],
  [405, "This isn't a page"],
  [503, "Too many requests at once"],
]);

/** It loads nothing, runs nothing, and is shown alone in a window. */
export const PROBLEM_PAGE_HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
};
