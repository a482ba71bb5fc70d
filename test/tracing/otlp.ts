/** A span as a receiver sees it. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for a span without a parent. */
  readonly parentId: string;
  readonly name: string;
  /** `server` isn't used. */
  readonly kind: "internal" | "client" | "producer" | "consumer" | "other";
  readonly attributes: Attributes;
  readonly events: readonly string[];
  readonly hasFailed: boolean;
  readonly seconds: number;
  /** What sent it. */
  readonly resource: Attributes;
}

type Attributes = Readonly<Record<string, string | number | boolean>>;

/** The spans of an `ExportTraceServiceRequest` (opentelemetry/proto/trace/v1/trace.proto), in Protocol Buffers. */
export function spansIn(body: Uint8Array): ReceivedSpan[] {
  return messages(body, 1).flatMap((resourceSpans) => {
    const resource = attributesIn(messages(resourceSpans, 1)[0] ?? NOTHING, 1);
    const spans = messages(resourceSpans, 2).flatMap((scope) => messages(scope, 2));
    return spans.map((span) => spanFrom(span, resource));
  });
}

const NOTHING = new Uint8Array();
const KINDS = ["other", "internal", "other", "client", "producer", "consumer"] as const;
const ERROR = 2n;

function spanFrom(span: Uint8Array, resource: Attributes): ReceivedSpan {
  const [start, end] = [7, 8].map((field) => readFixed64(messages(span, field)[0] ?? NOTHING));
  const status = messages(span, 15)[0] ?? NOTHING;
  return {
    traceId: hex(messages(span, 1)[0]),
    spanId: hex(messages(span, 2)[0]),
    parentId: hex(messages(span, 4)[0]),
    name: text(messages(span, 5)[0]),
    kind: KINDS[Number(numbers(span, 6)[0] ?? 0n)] ?? "other",
    attributes: attributesIn(span, 9),
    events: messages(span, 11).map((event) => text(messages(event, 2)[0])),
    hasFailed: numbers(status, 3)[0] === ERROR,
    resource,
    seconds: Number((end ?? 0n) - (start ?? 0n)) / 1e9,
  };
}

/** Of the list of `KeyValue` under a number. */
function attributesIn(message: Uint8Array, field: number): Attributes {
  const pairs = messages(message, field).map((pair) => {
    const value = messages(pair, 2)[0] ?? NOTHING;
    return [text(messages(pair, 1)[0]), anyValue(value)] as const;
  });
  return Object.fromEntries(pairs);
}

function anyValue(value: Uint8Array): string | number | boolean {
  const [first] = fieldsOf(value);
  if (first === undefined) return "";
  if (typeof first.value === "bigint")
    return first.number === 2 ? first.value === 1n : Number(first.value);
  if (first.number === 4) return new DataView(first.value.slice().buffer).getFloat64(0, true);
  return text(first.value);
}

interface Field {
  readonly number: number;
  /** A number, or the bytes of everything else. */
  readonly value: bigint | Uint8Array;
}

function messages(message: Uint8Array, number: number): Uint8Array[] {
  return valuesOf(message, number).filter((value) => typeof value !== "bigint");
}

function numbers(message: Uint8Array, number: number): bigint[] {
  return valuesOf(message, number).filter((value) => typeof value === "bigint");
}

function valuesOf(message: Uint8Array, number: number) {
  return fieldsOf(message).flatMap((field) => (field.number === number ? [field.value] : []));
}

/** By https://protobuf.dev/programming-guides/encoding/. */
function fieldsOf(message: Uint8Array): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[at];
      if (byte === undefined) throw new RangeError("The message is cut off.");
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const bytes = (length: number) => message.subarray(at, (at += length));
  while (at < message.length) {
    const tag = Number(varint());
    const number = tag >> 3;
    const type = tag & 7;
    if (type === 0) fields.push({ number, value: varint() });
    else if (type === 1) fields.push({ number, value: bytes(8) });
    else if (type === 2) fields.push({ number, value: bytes(Number(varint())) });
    else if (type === 5) fields.push({ number, value: bytes(4) });
    else throw new RangeError(`There is no wire type ${type}.`);
  }
  return fields;
}

function readFixed64(bytes: Uint8Array): bigint {
  return new DataView(bytes.slice().buffer).getBigUint64(0, true);
}

function hex(bytes: Uint8Array = NOTHING): string {
  return Buffer.from(bytes).toString("hex");
}

function text(bytes: Uint8Array = NOTHING): string {
  return Buffer.from(bytes).toString("utf8");
}
