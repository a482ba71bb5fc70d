import { z } from "zod";
import type { BotMention } from "../command/mention.ts";
import type { Command } from "../command/table.ts";

/** A webhook as it arrived: verified, parsed, not yet understood. */
export interface WebhookEvent {
  /** `X-GitHub-Event`, e.g. `issues`. */
  readonly name: string;
  /** `X-GitHub-Delivery`. */
  readonly deliveryId: string;
  readonly payload: unknown;
}

/** What webhooks are read with. */
export interface Reading {
  /** The App that the bot is, so that it does not answer itself. */
  readonly appId: number;
  /** The App's slug, by which people can address the bot; null where it isn't known yet. */
  readonly slug: string | null;
  /** The first command in a comment, or null; what counts as `/copilot` too, if anything. */
  readonly parseCommand: (markdown: string, mention: BotMention | null) => Command | null;
  /**
   * In milliseconds since the epoch: webhooks that are older start nothing, because what was known of them is
   * forgotten.
   */
  readonly notBefore?: number;
}

/** A webhook that can't be understood until the App's slug is known: somebody is mentioned where a command can be. */
export interface Undecided {
  readonly type: "undecided";
}

/** A webhook that changes nothing, and why. */
export type Ignored =
  | {
      readonly type: "ignored";
      readonly reason: "other_event" | "other_label" | "no_command" | "bot" | "nobody" | "too_old";
    }
  | {
      readonly type: "ignored";
      readonly reason: "malformed";
      /** The paths of fields that are not as GitHub sends them (`payload` where it is no object), never their values. */
      readonly invalidFields: string;
    };

/** Reads the webhooks of one `event.action`. Any payload gives a result: it never throws. */
export type WebhookReader<Read> = (event: WebhookEvent, reading: Reading) => Read | Ignored;

/**
 * A reader of webhooks whose payload has these fields.
 *
 * @param understand what a webhook means whose fields are as GitHub sends them
 */
export function readerOf<Shape extends z.ZodRawShape, Read>(
  shape: Shape,
  understand: (
    payload: z.output<z.ZodObject<Shape>>,
    event: WebhookEvent,
    reading: Reading,
  ) => Read | Ignored,
): WebhookReader<Read> {
  const schema = z.object(shape);
  return (event, reading) => {
    const { data, error } = schema.safeParse(event.payload);
    return error === undefined ? understand(data, event, reading) : malformed(error);
  };
}

/** A webhook that is as it should be, and changes nothing. */
export function ignored(reason: Exclude<Ignored["reason"], "malformed">): Ignored {
  return { type: "ignored", reason };
}

function malformed({ issues }: z.ZodError): Ignored {
  const invalidFields = issues.map(({ path }) => path.join(".") || "payload").join(", ");
  return { type: "ignored", reason: "malformed", invalidFields };
}

const withAction = z.object({ action: z.string() });

/** The `event.action` of a webhook; the event alone where there is no action. */
export function fullNameOf({ name, payload }: WebhookEvent): string {
  const { data } = withAction.safeParse(payload);
  return data === undefined ? name : `${name}.${data.action}`;
}
