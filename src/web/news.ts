import type { EventSink } from "./event-streams.ts";

/** Reports whether something is new for a page. */
export type Notify = (isNews: boolean | Promise<boolean>) => void;

/**
 * Reports to a page that there's news, until its stream ends. What's new while the browser doesn't read is reported once.
 *
 * @param listen begins to report; gives what ends that
 */
export function reportNews(sink: EventSink, listen: (notify: Notify) => () => void): Promise<void> {
  let isSending = false;
  let isMissed = false;

  async function send(): Promise<void> {
    isMissed = isSending;
    if (isSending) return;
    isSending = true;
    await sink.send({ data: "changed" });
    isSending = false;
    if (isMissed) await send();
  }

  return new Promise((resolve, reject) => {
    const unlisten = listen((isNews) => {
      Promise.resolve(isNews)
        .then((news) => (news ? send() : undefined))
        .catch(reject);
    });
    sink.signal.addEventListener("abort", () => {
      unlisten();
      resolve();
    });
  });
}
