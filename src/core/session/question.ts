import { z } from "zod";
import type { Asking } from "../task/asking.ts";
import { MAX_SHOWN, withheldOf } from "./withheld.ts";
import { type Withheld } from "../task/asking.ts";

const MAX_CHOICES = 50;

const name = z.string().min(1).max(200);
const flag = z.boolean().nullable().catch(null);

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`;
}

function withheldIn(texts: readonly string[]): { readonly withheld?: Withheld } {
  const withheld = withheldOf(texts.map((text) => ["", text]));
  return withheld === null ? {} : { withheld };
}

/** What a question asks, in an event or a call of the runtime's. */
export const question = z
  .object({
    question: z.string(),
    choices: z.array(z.string()).catch([]),
    allowFreeform: flag,
  })
  .transform((data): Asking => ({
    type: "question",
    question: cut(data.question, MAX_SHOWN),
    choices: data.choices.slice(0, MAX_CHOICES).map((choice) => cut(choice, MAX_SHOWN)),
    freeform: data.allowFreeform ?? true,
    ...(data.choices.length > MAX_CHOICES
      ? { withheld: "too_long" }
      : withheldIn([data.question, ...data.choices])),
  }));

/** What a plan asks. */
export const plan = z
  .object({
    summary: z.string(),
    planContent: z.string().nullable().catch(null),
    actions: z.array(name).max(MAX_CHOICES).catch([]),
    recommendedAction: name.nullable().catch(null),
  })
  .transform(({ summary, planContent, actions, recommendedAction }): Asking => {
    const others = actions.filter((action) => action !== recommendedAction);
    const recommended = actions.filter((action) => action === recommendedAction);
    const whole = planContent ?? "";
    return {
      type: "plan",
      summary: cut(summary, MAX_SHOWN),
      ...(whole === "" ? {} : { plan: cut(whole, MAX_SHOWN) }),
      actions: [...recommended, ...others],
      ...withheldIn([summary, whole, ...actions]),
    };
  });

/** What a form asks: only Mission Control can take the answer. */
export const form = z.object({ message: z.string() }).transform(({ message }): Asking => ({
  type: "question",
  question: cut(message, MAX_SHOWN),
  choices: [],
  freeform: false,
  ...withheldIn([message]),
}));

/** What a question of the agent's asks, however it is put; null for another shape. */
export function questionIn(data: unknown): Asking | null {
  return question.safeParse(data).data ?? null;
}

/** What a plan of the agent's asks; null for another shape. */
export function planIn(data: unknown): Asking | null {
  return plan.safeParse(data).data ?? null;
}
