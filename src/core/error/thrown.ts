const MAX_DEPTH = 4;
const MAX_NAMES = 10;

/**
 * What a thrown value says, in words, whatever it is: libraries throw strings, plain objects, errors without a
 * message, and errors whose message is an object. Never empty, and never `[object Object]`.
 */
export function messageOf(thrown: unknown): string {
  return messageIn(thrown, 0) ?? shapeOf(thrown);
}

function messageIn(thrown: unknown, depth: number): string | null {
  if (depth > MAX_DEPTH) return null;
  if (typeof thrown === "string") return thrown.trim() === "" ? null : thrown;
  if (thrown === null || typeof thrown !== "object") return null;
  // A message may be an object with a message in it. An AggregateError often has one for each attempt only.
  const own =
    messageIn(read(thrown, "message"), depth + 1) ?? messageIn(read(thrown, "error"), depth + 1);
  return own ?? messagesOfEach(thrown, depth) ?? messageIn(read(thrown, "cause"), depth + 1);
}

function messagesOfEach(thrown: object, depth: number): string | null {
  const errors = read(thrown, "errors");
  if (!Array.isArray(errors)) return null;
  const messages = errors.slice(0, MAX_NAMES).map((error) => messageIn(error, depth + 1));
  const different = new Set(messages.filter((message) => message !== null));
  return different.size === 0 ? null : [...different].join("; ");
}

/** For what says nothing itself: its code or its kind, and the names of its fields, never their values. */
function shapeOf(thrown: unknown): string {
  if (thrown === "") return "an empty string";
  if (typeof thrown === "function") return "a function";
  if (typeof thrown !== "object" || thrown === null) return String(thrown);
  const code = read(thrown, "code");
  if (typeof code === "string" && code !== "") return code;
  if (thrown instanceof Error) return `${thrown.name} without a message`;
  const names = Object.keys(thrown).slice(0, MAX_NAMES);
  const kind = Array.isArray(thrown) ? "an array" : "an object";
  return names.length === 0 ? `${kind} without fields` : `${kind} with ${names.join(", ")}`;
}

/** A field of an object; undefined where it has none, or a getter throws. */
export function read(value: object, name: string): unknown {
  try {
    const found: unknown = Reflect.get(value, name);
    return found;
  } catch {
    return undefined;
  }
}
