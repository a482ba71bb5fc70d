import { z } from "zod";
import type { GitHubHosts } from "../core/github/hosts.ts";
import type { Person, TokenKind } from "../core/identity/connection.ts";
import type { AccountAnswer } from "../core/identity/copilot-account.ts";
import type { TokenQuestion } from "../core/identity/fitness.ts";
import {
  readPerson,
  rightsOf,
  unfitForm,
  unfitnessIn,
  unfitnessOf,
} from "../core/identity/fitness.ts";
import { tokenFormOf } from "../core/identity/token-form.ts";
import type { Authorization, Examined, Identified } from "../ports/authorization.ts";
import type { SendRequest } from "./requests.ts";
import { answerTo } from "./requests.ts";

interface ExaminerSettings {
  readonly request: SendRequest;
  readonly hosts: GitHubHosts;
  readonly lookUpAccount: (token: string) => Promise<AccountAnswer>;
}

/** Asks GitHub whose a token is, then Copilot what it's good for. Neither costs anything. */
export function createExaminer(
  settings: ExaminerSettings,
): Pick<Authorization, "examine" | "identify"> {
  const { request, hosts } = settings;

  async function ownerOf(token: string, kind: TokenKind): Promise<Identified> {
    const answer = await answerTo(request, (sender) =>
      sender("GET /user", { headers: { authorization: `Bearer ${token}` } }),
    );
    if (!("status" in answer)) return unreachable(answer.reason);
    const { status, data } = answer;
    const person = status === 200 ? readPerson(data) : null;
    if (person !== null) return { type: "person", person };
    const asked: TokenQuestion = { of: "account", kind, login: null, hosts };
    const unfitness = unfitnessIn({ status, message: messageIn(data) }, asked);
    if (unfitness === null) return unreachable(unreadable("GitHub", status));
    return { type: "unfit", person: null, ...unfitness };
  }

  async function rightsFor(person: Person, token: string, kind: TokenKind): Promise<Examined> {
    const answer = await settings.lookUpAccount(token).catch(() => null);
    if (answer === null) return unreachable("Copilot's look-up of the account didn't respond");
    const { status, account } = answer;
    const asked: TokenQuestion = { of: "Copilot", kind, login: person.login, hosts };
    if (account === null) {
      const unfitness = unfitnessIn(answer, asked);
      if (unfitness !== null) return { type: "unfit", person, ...unfitness };
      return unreachable(unreadable("Copilot's look-up of the account", status));
    }
    const unfitness = unfitnessOf(account, asked);
    if (unfitness !== null) return { type: "unfit", person, ...unfitness };
    return { type: "good", person, rights: rightsOf(account) };
  }

  return {
    async examine(token) {
      const form = tokenFormOf(token);
      const unfit = unfitForm(form, hosts);
      if (unfit !== null) return { type: "unfit", person: null, ...unfit };
      // TypeScript doesn't see that the other forms are unfit.
      const kind: TokenKind = form === "app" || form === "oauth_app" ? form : "personal";
      const owner = await ownerOf(token, kind);
      return owner.type === "person" ? rightsFor(owner.person, token, kind) : owner;
    },
    identify: (token) => ownerOf(token, "app"),
  };
}

function unreachable(message: string): Extract<Examined, { readonly type: "unreachable" }> {
  return { type: "unreachable", message };
}

function unreadable(who: string, status: number): string {
  return `${who} answered ${status}, which couldn't be read`;
}

const messageSchema = z.object({ message: z.string() });

/** GitHub's words: they only help to recognize the refusal. */
function messageIn(data: unknown): string {
  return messageSchema.safeParse(data).data?.message ?? "";
}
