import json from "@octokit/webhooks-examples" with { type: "json" };
import { z } from "zod";

/** A webhook that GitHub once sent. */
export interface Example {
  readonly name: string;
  readonly action: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** The installation that GitHub names in a webhook of an App; the examples come from repositories' hooks. */
export const INSTALLATION = { id: 2_311_213, node_id: "MDIzOkludGVncmF0aW9u" };

const fieldsOf = z.record(z.string(), z.unknown());
const definitions = z
  .array(z.object({ name: z.string(), examples: z.array(fieldsOf) }))
  .parse(json);

/** Every example there is, as an App would get it. */
export const EXAMPLES: readonly Example[] = definitions.flatMap(({ name, examples }) =>
  examples.map((example) => ({
    name,
    action: String(example["action"]),
    payload: name.startsWith("installation") ? example : { ...example, installation: INSTALLATION },
  })),
);

/** The first example of an event, with some of its fields changed: `{ "label.name": "bug" }`. */
export function payloadOf(event: string, changes: Readonly<Record<string, unknown>> = {}): unknown {
  const example = EXAMPLES.find(({ name, action }) => `${name}.${action}` === event);
  if (example === undefined) throw new TypeError(`there is no example of ${event}`);
  return Object.entries(changes).reduce<unknown>(
    (payload, [path, value]) => changed(payload, path.split("."), value),
    example.payload,
  );
}

/** A copy of a value in which the field at the path has another value; undefined takes it away. */
export function changed(value: unknown, path: readonly string[], to: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return to;
  const fields = fieldsOf.safeParse(value).data ?? {};
  const field = changed(fields[key], rest, to);
  if (field !== undefined) return { ...fields, [key]: field };
  return Object.fromEntries(Object.entries(fields).filter(([name]) => name !== key));
}
