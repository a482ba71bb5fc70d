import { readFileSync } from "node:fs";
import { renderHtml } from "../../sandbox/github/render.ts";

/** A comment to be looked at. */
interface ShownComment {
  readonly name: string;
  readonly markdown: string;
}

interface Look {
  /** `light` or `dark`. */
  readonly theme: string;
  /** Whether what's folded is unfolded. */
  readonly open?: boolean;
  /** Whether each comment's name stands above it. */
  readonly named?: boolean;
}

/** A page with these comments, as GitHub would show them. */
export function commentPage(
  comments: readonly ShownComment[],
  { theme, open = false, named = false }: Look,
): string {
  const css = readFileSync(new URL("screenshots.css", import.meta.url), "utf8");
  const shown = comments.map(({ name, markdown }) => {
    const html = withAlerts(renderHtml(markdown));
    const body = open ? html.replaceAll("<details>", "<details open>") : html;
    const title = named ? `<p class="name">${name}</p>` : "";
    return `${title}<div class="comment"><header><b>copilot-task-bot</b> <span>bot</span> commented</header><div class="body">${body}</div></div>`;
  });
  return `<!doctype html><html data-theme="${theme}"><meta charset="utf-8"><style>${css}</style><body>${shown.join("")}`;
}

/** GitHub makes notices of quotes that begin with a word in brackets. */
function withAlerts(html: string): string {
  return html.replaceAll(
    /<blockquote[^>]*>\s*<p[^>]*>\[!(NOTE|IMPORTANT|WARNING|CAUTION)\](?:<br>)?\s*([\s\S]*?)<\/blockquote>/gu,
    (_all, type: string, rest: string) =>
      `<div class="alert ${type.toLowerCase()}"><b>${type[0] ?? ""}${type.slice(1).toLowerCase()}</b><p>${rest}</div>`,
  );
}
