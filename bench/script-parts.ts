import type { SessionEvent } from "@github/copilot-sdk";
import { z } from "zod";

const place = z.object({ owner: z.string(), repo: z.string(), number: z.int() });
const request = z.object({ places: z.array(place), concurrency: z.int(), prompt: z.string() });

/** Where a script's comment goes. */
export type CommentPlace = z.infer<typeof place>;

/** The answer to `{ ask: "work" }`: has a session for each place, so many at once; reports how long all took. */
export function workWith(startSession: (place: CommentPlace, prompt: string) => Promise<void>) {
  return async (question: object): Promise<{ readonly ms: number }> => {
    const { places, concurrency, prompt } = request.parse(question);
    const left = places[Symbol.iterator]();
    const began = performance.now();
    const worker = async () => {
      for (const each of left) await startSession(each, prompt);
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
    return { ms: performance.now() - began };
  };
}

/** Posts the link of a session. */
export async function postLink(
  { api, token }: { readonly api: string; readonly token: string },
  { owner, repo, number }: CommentPlace,
  link: string,
): Promise<void> {
  const response = await fetch(`${api}/repos/${owner}/${repo}/issues/${number}/comments`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ body: `A session has started: ${link}` }),
  });
  await response.json();
  if (!response.ok) throw new Error(`the comment was answered with ${response.status}`);
}

/** Events come from the creation on, and some of them only once. */
export function createWaiting() {
  const events: SessionEvent[] = [];
  let next = Promise.withResolvers<void>();
  return {
    onEvent(event: SessionEvent) {
      events.push(event);
      next.resolve();
      next = Promise.withResolvers();
    },
    async waitFor(condition: (event: SessionEvent) => boolean): Promise<void> {
      while (!events.some(condition)) await next.promise;
    },
  };
}
