import { asOrganization } from "./accounts.ts";
import type { Installation } from "./app/installation.ts";
import type { Event } from "./deliveries.ts";
import { rules } from "./event-rules.ts";
import type { Place } from "./routes.ts";
import { locate } from "./routes.ts";
import type { Part, Rule } from "./rule.ts";
import type { Account, Answer, Ask, Json } from "./shapes.ts";
import type { State } from "./state.ts";

/** Looks before a request is performed; the returned function tells the events that it caused. */
export async function watch(ask: Ask, state: State, installation: Installation): Promise<Watch> {
  const [rule, place] = ruleFor(ask);
  if (rule === undefined || place === undefined) return () => Promise.resolve([]);
  const before = await rule.before?.({ ask, place, state });

  async function told(part: Part, found: Place, sender: Account): Promise<readonly Event[]> {
    const repository = part.repository ?? (await state.repository(found));
    if (repository === undefined) return [];
    const { event, action, about } = part;
    const name = { owner: repository.owner.login, repo: repository.name };
    if (!(await installation.hears(event, name))) return [];
    const { permissions: _, ...shown } = repository;
    const owner = await state.organisation(repository.owner.login);
    const organization = owner && asOrganization(owner);
    const { id } = installation.now;
    const node_id = Buffer.from(`IntegrationInstallation${id}`).toString("base64url");
    const common = { repository: shown, organization, sender, installation: { id, node_id } };
    const own: Json = action === undefined ? about : { action, ...about };
    return [{ event, action: action ?? "", payload: { ...own, ...common } }];
  }

  return async (answer, sender) => {
    const missed = rule.before !== undefined && before === undefined;
    if (answer.status >= 300 || sender === undefined || missed) return [];
    const parts = await rule.parts({ ask, place, before, after: answer.body, state });
    return (await Promise.all(parts.map((part) => told(part, place, sender)))).flat();
  };
}

/** Tells the events that the answered request caused. */
export type Watch = (answer: Answer, sender: Account | undefined) => Promise<readonly Event[]>;

function ruleFor({ method, path }: Ask): [Rule, Place] | [] {
  for (const rule of rules) {
    const place = rule.methods.includes(method) ? locate(rule.pattern, path) : undefined;
    if (place !== undefined) return [rule, place];
  }
  return [];
}
