import type { Hono } from "hono";
import { onTestFinished } from "vitest";
import type { Browser } from "./browser.ts";
import { PUBLIC_URL } from "./world.ts";

/** An event stream, in a browser that stays until the test ends. */
interface Watched {
  readonly status: number;
  readonly headers: Headers;
  /** Reads until the text has come, or to the end; gives all that has come so far. */
  readonly read: (until?: string) => Promise<string>;
  readonly close: () => Promise<void> | undefined;
}

/** Opens an event stream in a browser. */
export async function watch(app: Hono, path: string, { cookies }: Browser): Promise<Watched> {
  const cookie = [...cookies].map((pair) => pair.join("=")).join("; ");
  const headers = { accept: "text/event-stream", cookie };
  const response = await app.request(`${PUBLIC_URL}${path}`, { headers });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  onTestFinished(() => reader?.cancel());
  let text = "";
  async function read(until?: string): Promise<string> {
    if (until !== undefined && text.includes(until)) return text;
    const { value, done } = (await reader?.read()) ?? { value: undefined, done: true };
    text += value ?? "";
    return done ? text : read(until);
  }
  return {
    status: response.status,
    headers: response.headers,
    read,
    close: () => reader?.cancel(),
  };
}
