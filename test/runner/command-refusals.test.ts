import { expect, test } from "vitest";
import { GITHUB_COM } from "../../src/core/github/hosts.ts";
import type { Role } from "../../src/core/github/role.ts";
import type { Layer } from "../core/task.ts";
import { HOSTED, over } from "../core/task.ts";
import { PULL, subjectWith, surveyWith } from "../core/survey.ts";
import { ADMITTED, ASKED, inserted, record, STARTED } from "../store/story.ts";
import { commanded } from "../store/trigger.ts";
import { TIMEOUTS } from "../timeouts.ts";
import { clockedBot, createClock } from "./clocked-bot.ts";

const HUBOT = { login: "hubot", id: 480_938 };
const COMMIT = "1".repeat(40);

interface Given {
  readonly name: string;
  readonly role: Role;
  readonly organization?: string;
  readonly repository?: string;
  /** What differs in octocat's task, which the command is for. */
  readonly target?: Layer;
  /** Whether it's on a pull request from a fork. */
  readonly fromFork?: boolean;
}

function file(text?: string) {
  return { commit: COMMIT, file: text === undefined ? null : { blob: text, text } };
}

/** What the bot comments on a command by hubot to a task of octocat's. */
async function answerTo(given: Given) {
  const { name, role, organization, repository, target = {}, fromFork = false } = given;
  const bodies: string[] = [];
  const policy = { organization: file(organization), repository: file(repository) };
  const subject = subjectWith({ pull: fromFork ? { ...PULL, fromFork } : null });
  const { runner, store } = await clockedBot({
    clock: createClock(),
    github: {
      survey: () => Promise.resolve(surveyWith({ role, policy, subject })),
      membership: () => Promise.resolve("not a member"),
      createComment: (_task, body) => Promise.resolve(bodies.push(body)),
    },
    identities: {},
    hosts: GITHUB_COM,
    timeouts: TIMEOUTS,
  });
  const { id: targetId } = await inserted(store.tasks, commanded(1));
  const claim = await store.tasks.claim(targetId, "start");
  if (claim.type !== "claimed") throw new TypeError(claim.type);
  const written = await record(store.tasks, claim.task, ADMITTED, target);
  await store.tasks.release(written ?? claim.task);
  const trigger = { name, instructions: "Go on." };
  const { id } = await inserted(store.tasks, commanded(2, { trigger, requester: HUBOT }));
  expect(await runner.receive(id)).toBe("done");
  await runner.stop();
  return bodies.at(-1) ?? "";
}

const OF_ORGANIZATION = "maintainers of the organization's repository `.github`";
const inFile = (owner: "hello" | ".github", line: number) =>
  `[${owner === "hello" ? "this repository's" : "the organization's"} policy file](https://github.com/octo-org/${owner}/blob/${COMMIT}/.github/copilot-tasks.yml#L${line})`;

const RULES = "permissions:\n  fix: { least: admin }\n  triage: { least: maintain }";

test.each<[what: string, given: Given, sentence: string]>([
  [
    "a command that needs write access, whatever the policy says",
    { name: "send", role: "triage", repository: "permissions: { default: { least: triage } }" },
    "You need write access to this repository to do this. A repository administrator can give you access.",
  ],
  [
    "a command by somebody without write access, while the policy can't be read",
    { name: "stop", role: "triage", repository: "forks: alow" },
    "You need write access to this repository to do this. A repository administrator can give you access.",
  ],
  [
    "a command that needs what the task's kind does",
    { name: "stop", role: "write", repository: RULES },
    `You need maintain access to this repository to do this. A repository administrator can give you access, or maintainers can change \`permissions\` in ${inFile("hello", 3)}.`,
  ],
  [
    "a retry that the organization doesn't let everybody ask for",
    { name: "retry", role: "write", organization: `${RULES}\nenforced: true` },
    `You need maintain access to this repository to do this. A repository administrator can give you access, or ${OF_ORGANIZATION} can change \`permissions\` in ${inFile(".github", 3)}.`,
  ],
  [
    "a command by somebody who isn't on the list",
    {
      name: "approve",
      role: "write",
      repository: "permissions:\n  triage: { allow: { users: [ada], teams: [octo-org/core] } }",
    },
    `Only people and teams that the policy names can start this. Maintainers can add you: \`permissions\` in ${inFile("hello", 2)}.`,
  ],
  [
    "a command by somebody who is excluded",
    {
      name: "deny",
      role: "write",
      organization: "permissions:\n  triage: { deny: { users: [hubot] } }",
    },
    `The policy excludes you from this. Maintainers of this repository or of the organization's repository \`.github\` can change this: \`permissions\` in this repository's \`.github/copilot-tasks.yml\` or ${inFile(".github", 2)}.`,
  ],
  [
    "a command to no task, where the kinds have their own lists",
    {
      name: "stop",
      role: "write",
      repository:
        "permissions:\n  default: { allow: { teams: [octo-org/core] } }\n  triage: { allow: null }\n  fix: { allow: null }\n  review: { allow: null }\n  ask: { allow: null }",
      target: { decision: { kind: null } },
    },
    `Only people and teams that the policy names can start this. Maintainers can add you: \`permissions\` in ${inFile("hello", 2)}.`,
  ],
])("the comment says who can change that it's refused: %s", async (_what, given, sentence) => {
  expect(await answerTo(given)).toContain(`\n\n${sentence}\n\n<details>`);
});

const OWN: Layer = { ...ASKED, ...STARTED, decision: { identity: "requester" } };
const DELIVERED: Layer = { session: { prompt: { deliveredAt: "2026-11-21T12:00:04.000Z" } } };

test.each<[what: string, given: Omit<Given, "role" | "target">, sentence: string]>([
  [
    "where no file says who can steer",
    { name: "send" },
    "Maintainers can change this: `steering` in `.github/copilot-tasks.yml`.",
  ],
  [
    "where the organization doesn't enforce it",
    { name: "send", organization: "forks: deny\nsteering: owner" },
    `Maintainers of this repository or of the organization's repository \`.github\` can change this: \`steering\` in this repository's \`.github/copilot-tasks.yml\` or ${inFile(".github", 2)}.`,
  ],
  [
    "where the organization enforces it",
    { name: "approve", organization: "enforced: [steering]", repository: "steering: writers" },
    `M${OF_ORGANIZATION.slice(1)} can change this: \`steering\` in ${inFile(".github", 1)}.`,
  ],
])("a session of somebody's own Copilot: %s", async (_what, given, sentence) => {
  const target = over(OWN, DELIVERED);
  expect(await answerTo({ ...given, role: "write", target })).toContain(
    `deny what it asks for (\`/copilot deny\`). ${sentence}\n`,
  );
});

test("a session that isn't shared: the sentence names the file that says it for the task's kind", async () => {
  const target = over(ASKED, STARTED, DELIVERED, HOSTED, {
    session: { hosting: { sharing: "never" } },
  });
  const organization = "share:\n  default: always\n  triage: never\nenforced: [share]";
  expect(await answerTo({ name: "share", role: "write", organization, target })).toContain(
    `because the policy says \`share: never\` for tasks of its kind. M${OF_ORGANIZATION.slice(1)} can change this for later sessions: \`share\` in ${inFile(".github", 3)}.\n`,
  );
});

test("an approval that changes nothing: the sentence names who can let forks in", async () => {
  const organization = "forks: deny";
  expect(await answerTo({ name: "ok", role: "maintain", organization, fromFork: true })).toContain(
    `The policy says \`forks: deny\`, so approving a commit changes nothing. Maintainers of this repository or of the organization's repository \`.github\` can change this: \`forks\` in this repository's \`.github/copilot-tasks.yml\` or ${inFile(".github", 1)}.\n`,
  );
});
