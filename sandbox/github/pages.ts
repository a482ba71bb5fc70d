import type { Answer, Ask } from "./shapes.ts";
import { json } from "./shapes.ts";

/** The page of a list that `page` and `per_page` ask for, with a link to the next. */
export function pageOf(items: readonly unknown[], ask: Ask): Answer {
  const query = new URLSearchParams(ask.query);
  const perPage = Math.min(100, Number(query.get("per_page") ?? 30));
  const page = Number(query.get("page") ?? 1);
  const answer = json(200, items.slice((page - 1) * perPage, page * perPage));
  if (items.length <= page * perPage) return answer;
  query.set("page", `${page + 1}`);
  const link = `<${ask.path}?${query.toString()}>; rel="next"`;
  return { ...answer, headers: { ...answer.headers, link } };
}
