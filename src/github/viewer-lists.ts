import type PQueue from "p-queue";
import { ViewingTrouble } from "../ports/viewing.ts";
import type { ListPage } from "./viewer-answers.ts";
import type { ViewerAnswer, ViewerQuestion } from "./viewer-requests.ts";

const PER_PAGE = 100;
/** What's on later pages isn't listed, and can still be opened. */
const MAX_PAGES = 100;

/** A page, and what GitHub gave to ask whether it has changed. Such a question doesn't count against the rate limit. */
export interface KeptPage<Item> extends ListPage<Item> {
  readonly etag: string | null;
}

/** One of GitHub's lists, read for a viewer. */
export interface ListQuestion<Item> {
  readonly ask: (question: ViewerQuestion) => Promise<ViewerAnswer>;
  readonly token: string;
  /** Limits the requests at once for this viewer. */
  readonly queue: PQueue;
  readonly route: string;
  readonly parameters: ViewerQuestion["parameters"];
  /** Null for what can't be a page of the list. */
  readonly read: (body: unknown) => ListPage<Item> | null;
  /** What an earlier answer came to. */
  readonly earlier: readonly KeptPage<Item>[];
}

/** All pages of a list; one that this viewer can't see is empty. */
export async function readList<Item>(
  question: ListQuestion<Item>,
): Promise<readonly KeptPage<Item>[]> {
  const first = await readPage(question, 1);
  const count = Math.min(MAX_PAGES, Math.ceil(first.total / PER_PAGE));
  const others = Array.from({ length: Math.max(0, count - 1) }, (_none, index) => index + 2);
  return [first, ...(await Promise.all(others.map((page) => readPage(question, page))))];
}

async function readPage<Item>(
  { ask, token, queue, route, parameters, read, earlier }: ListQuestion<Item>,
  page: number,
): Promise<KeptPage<Item>> {
  const before = earlier[page - 1];
  const asked = { ...parameters, per_page: PER_PAGE, page };
  const etag = before?.etag ?? null;
  const answer = await queue.add(() => ask({ token, route, parameters: asked, etag }));
  if (answer.type === "unchanged" && before !== undefined) return before;
  if (answer.type !== "found") return { items: [], total: 0, etag: null };
  const found = read(answer.data);
  if (found === null) throw new ViewingTrouble("unreachable", `GitHub's ${route} is unreadable`);
  return { ...found, etag: answer.etag };
}
