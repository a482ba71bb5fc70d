import type { Event } from "./deliveries.ts";
import type { Rule } from "./event-rules.ts";
import { rules } from "./event-rules.ts";
import type { Place } from "./routes.ts";
import { locate } from "./routes.ts";
import { installationId, isInstalledOn } from "./seed.ts";
import type { Account, Answer, Ask } from "./shapes.ts";
import type { State } from "./state.ts";

/** Looks before a request is performed; the returned function tells the events that it caused. */
export async function watch(ask: Ask, state: State): Promise<Watch> {
  const [rule, place] = ruleFor(ask);
  if (rule === undefined || place === undefined) return () => Promise.resolve([]);
  const before = await rule.before?.(place, state, ask.path);

  return async (answer, sender) => {
    const missed = rule.before !== undefined && before === undefined;
    if (answer.status >= 300 || sender === undefined || missed) return [];
    const parts = await rule.parts({ ask, place, before, after: answer.body, state });
    const found = await state.repository(place);
    if (found === undefined) return [];
    const { permissions: _, ...repository } = found;
    const { type: _type, ...organization } = repository.owner;
    const node_id = Buffer.from(`IntegrationInstallation${installationId}`).toString("base64url");
    const common = {
      repository,
      organization,
      sender,
      installation: { id: installationId, node_id },
    };
    return parts.map(({ event, action, about }) => {
      return { event, action, payload: { action, ...about, ...common } };
    });
  };
}

/** Tells the events that the answered request caused. */
export type Watch = (answer: Answer, sender: Account | undefined) => Promise<readonly Event[]>;

function ruleFor({ method, path }: Ask): [Rule, Place] | [] {
  for (const rule of rules) {
    const place = rule.methods.includes(method) ? locate(rule.pattern, path) : undefined;
    if (place !== undefined) return isInstalledOn(place) ? [rule, place] : [];
  }
  return [];
}
