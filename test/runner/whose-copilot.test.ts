import { expect, test } from "vitest";
import { hostsOf } from "../../src/core/github/hosts.ts";
import type { Identities, Identity } from "../../src/ports/identities.ts";
import type { Next } from "../../src/ports/queue.ts";
import { surveyWith } from "../core/survey.ts";
import type { Layer, TriggerLayer } from "../core/task.ts";
import { changed } from "../core/task.ts";
import { ADMITTED, ASKED, inserted, record, STARTED } from "../store/story.ts";
import { commanded } from "../store/trigger.ts";
import { TIMEOUTS } from "../timeouts.ts";
import { clockedBot, createClock, HOUR_MS } from "./clocked-bot.ts";
import type { IdentityChoice } from "../../src/core/policy/identity-choice.ts";

const HOSTS = hostsOf({
  GHE_PROTOCOL: "https",
  connecting: { publicUrl: "https://bot.example.com" },
});

const OCTOCATS: Identity = { type: "identity", token: "ghu_octocat", usableUntil: null };
const REFUSED = { type: "refusal", status: 401, message: "Bad credentials" } as const;
const HAS_PROMPT: Layer = {
  session: {
    followUntil: "2026-11-29T13:00:00.000Z",
    prompt: { deliveredAt: "2026-11-21T12:00:04.000Z" },
    link: { url: "https://github.com/octo-org/hello/tasks/5f9c2b1e", source: "documented" },
  },
};

const REFUSAL = { code: "policy_blocked", message: "No.", nothingCreated: true } as const;

interface Played {
  readonly chosen?: IdentityChoice;
  /** What the repository's policy file says. */
  readonly policy?: string;
  /** Undefined where the bot was never to ask. */
  readonly identity?: Identity;
  readonly identities?: Partial<Identities>;
  /** What is recorded of the task before; null when it was just requested. */
  readonly before?: readonly Layer[];
  /** A command to it, which is handled in its stead. */
  readonly command?: TriggerLayer;
  /** How many hours have passed since its request. */
  readonly hours?: number;
}

function policyFiles(text: string) {
  const commit = "1".repeat(40);
  const file = text === "" ? null : { blob: "b10b", text };
  return { repository: { commit, file }, organization: null };
}

/** A bot that handles one task until nothing is to be done for it soon. */
async function play(played: Played) {
  const { chosen = "requester", identity = OCTOCATS, before = [], hours = 0, policy = "" } = played;
  const bodies: string[] = [];
  const warnings: string[] = [];
  const tokens: string[] = [];
  const write = (body: string) => {
    bodies.push(body);
    return Promise.resolve(1);
  };
  const clock = createClock();
  const { runner, store } = await clockedBot({
    clock,
    github: {
      survey: () => Promise.resolve(surveyWith({ policy: policyFiles(policy) })),
      createComment: (_task, body) => write(body),
      updateComment: async (_task, _id, body) => void (await write(body)),
    },
    identities: {
      choose: () => ({ type: "chosen", identity: chosen }),
      identityFor: () => Promise.resolve(identity),
      isConnected: () => Promise.resolve(true),
      tokenRefused: () => Promise.resolve(),
      ...played.identities,
    },
    copilot: {
      open({ token }) {
        tokens.push(token);
        return Promise.resolve({ type: "failed", failure: REFUSAL });
      },
      attach: (_id, { token }) => {
        tokens.push(token);
        return Promise.resolve(null);
      },
    },
    hosts: HOSTS,
    timeouts: TIMEOUTS,
    warned: (message) => warnings.push(message),
  });
  const { tasks } = store;
  let { id } = await inserted(tasks, commanded(1));
  let next: Next = await runner.receive(id);
  if (before.length > 0) {
    const claim = await tasks.claim(id, "start");
    if (claim.type !== "claimed") throw new TypeError(claim.type);
    const written = await record(tasks, claim.task, ...before);
    await tasks.release(written ?? changed(claim.task));
  }
  clock.pass(hours * HOUR_MS);
  if (played.command !== undefined) {
    ({ id } = await inserted(tasks, commanded(2, played.command)));
    next = await runner.receive(id);
  }
  if (next === "start") next = await runner.start(id);
  await runner.stop();
  return { task: await tasks.get(id), next, bodies, tokens, warnings };
}

const refusedAccount = { accounts: () => Promise.resolve([REFUSED]) };

test("a token of the bot's own that GitHub refuses keeps nobody from their own Copilot", async () => {
  const { tokens, task } = await play({ identities: refusedAccount });
  expect(tokens).toEqual(["ghu_octocat"]);
  expect(task?.outcome).toMatchObject({ code: "policy_blocked" });
});

test("what uses that token fails, and the comment blames the bot's token", async () => {
  const { tokens, bodies } = await play({ chosen: "bot", identities: refusedAccount });
  expect(tokens).toEqual([]);
  expect(bodies).toHaveLength(1);
  expect(bodies[0]).toContain(
    "**Copilot didn't accept the token that the bot uses** (`bad_credentials`)",
  );
});

test("a database that's away once a session was recorded as requested doesn't end its start", async () => {
  let count = 0;
  const identityFor = () => {
    count += 1;
    return count === 2 ? Promise.reject(new Error("no database")) : Promise.resolve(OCTOCATS);
  };
  const { tokens, task } = await play({ identities: { identityFor } });
  expect(tokens).toEqual(["ghu_octocat"]);
  expect(task?.outcome).toMatchObject({ code: "policy_blocked" });
});

const REQUESTED = [ADMITTED, { decision: { identity: "requester" } }] as const;
const STARTING = [...REQUESTED, ASKED, STARTED] as const;
const FOLLOWED = [...STARTING, HAS_PROMPT] as const;
const UNAVAILABLE: Identity = { type: "unavailable" };
const HANDED_BACK = { afterMs: TIMEOUTS.reportAgainMs };

/** Another replica received the task, and chose what this one lacks. */
function chosenElsewhere(): Pick<Identities, "choose"> {
  let isChosen = false;
  return {
    choose() {
      if (isChosen) return { type: "denied", denial: { reason: "cannot_connect" } };
      isChosen = true;
      return { type: "chosen", identity: "requester" };
    },
  };
}

test.each([
  ["before its session", REQUESTED],
  ["before its prompt", STARTING],
  ["while it's followed", FOLLOWED],
])("a task is left to a replica with the settings for it: %s", async (_when, before) => {
  const identities = chosenElsewhere();
  const played = await play({ identity: UNAVAILABLE, identities, before });
  expect(played.next).toEqual(HANDED_BACK);
  expect(played.task).toMatchObject({ settledAt: null, outcome: null, lease: null });
  expect([played.bodies, played.tokens]).toEqual([[], []]);
  expect(played.warnings).toEqual([
    "this replica lacks the settings for whose Copilot a task uses: give all replicas the same",
  ]);
});

test("if no replica has had the settings for an hour, the task is denied", async () => {
  const identities = chosenElsewhere();
  const { bodies } = await play({
    identity: UNAVAILABLE,
    identities,
    before: REQUESTED,
    hours: 1.1,
    policy: "identity:\n  fix: bot\n  triage: requester",
  });
  expect(bodies[0]).toContain(
    `The policy wants sessions to use their requester's Copilot, but people can't connect theirs to this bot. Its administrator can set that up, or maintainers can change \`identity\` in [this repository's policy file](https://github.com/octo-org/hello/blob/${"1".repeat(40)}/.github/copilot-tasks.yml#L3).`,
  );
});

test("before the prompt, a token that can't be refreshed now is waited for", async () => {
  const identity = { type: "unreachable", message: "503" } as const;
  const { next, task, bodies } = await play({ identity, before: STARTING });
  expect(next).toEqual(HANDED_BACK);
  expect(task).toMatchObject({ settledAt: null, outcome: null });
  expect(bodies).toEqual([]);
});

test("before the prompt, whoever disconnects learns that the session may lack it", async () => {
  const { bodies, tokens } = await play({ identity: { type: "not_connected" }, before: STARTING });
  expect(tokens).toEqual([]);
  expect(bodies.at(-1)).toContain("(`prompt_not_delivered`)");
  expect(bodies.at(-1)).toContain("Open the session. If your request isn't there, send it there.");
});

test("a session that something else runs isn't reached, and the comment says so", async () => {
  const other: Layer = { session: { backend: "other" } };
  const { bodies, tokens, warnings } = await play({ before: [...FOLLOWED, other] });
  expect(tokens).toEqual([]);
  expect(bodies.at(-1)).toContain("the bot lost contact with the session");
  expect(warnings).toEqual(["session can't be reached: something else runs sessions now"]);
});

test("a session of a bot that didn't record what runs it is reached", async () => {
  const { tokens } = await play({ before: FOLLOWED });
  expect(tokens).toEqual(["ghu_octocat"]);
});

const HUBOT = { login: "hubot", id: 480_938 };

test.each([
  ["its owner's message", "requester", { trigger: { name: "send", instructions: "Go" } }, null],
  ["somebody's denial", "requester", { trigger: { name: "deny" }, requester: HUBOT }, null],
  [
    "somebody's approval",
    "requester",
    { trigger: { name: "approve" }, requester: HUBOT },
    "failed",
  ],
  ["a message to the bot's", "bot", { trigger: { name: "send", instructions: "Go" } }, "failed"],
] as const)(
  "while GitHub refuses the bot's token, sessions of people's own Copilot are steered: %s",
  async (_what, identity, command, outcome) => {
    const before = [ADMITTED, { decision: { identity } }, ASKED, STARTED, HAS_PROMPT];
    const { task } = await play({ before, command, identities: refusedAccount });
    expect(task?.trigger).toMatchObject(command.trigger);
    expect(task?.outcome?.type ?? null).toBe(outcome);
  },
);
