/** What a program can be asked, by name, with what it answers. */
export type Answers = Readonly<Record<string, (question: object) => Promise<object> | object>>;

/**
 * Reports to whoever started this program that it's ready, answers `{ ask: NAME, … }`, and ends with whoever
 * started it.
 *
 * @param url where it listens, for a server
 */
export function converse(
  url: string,
  answers: Answers = {},
  end: () => Promise<unknown> = () => Promise.resolve(),
): void {
  process.on("message", (question: object) => {
    void answer(question, answers).then(send, (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      process.exit(1);
    });
  });
  process.on("disconnect", () => {
    void end().then(() => process.exit(0));
  });
  send({ url });
}

async function answer(question: object, answers: Answers): Promise<object> {
  const name = "ask" in question ? String(question.ask) : "";
  const found = answers[name];
  if (found === undefined) throw new TypeError(`nothing is known about "${name}"`);
  return found(question);
}

function send(message: object): void {
  process.send?.(message);
}
