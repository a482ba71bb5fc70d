import { expect, test } from "vitest";
import { GITHUB_COM } from "../../src/core/github/hosts.ts";
import type { SelfHosting } from "../../src/core/policy/self-hosting.ts";
import { ALLOWED } from "../core/policy/allowed.ts";
import { PULL, subjectWith, surveyWith } from "../core/survey.ts";
import { inserted } from "../store/story.ts";
import { commanded } from "../store/trigger.ts";
import { TIMEOUTS } from "../timeouts.ts";
import { clockedBot, createClock } from "./clocked-bot.ts";

const REFUSAL = { code: "bad_credentials", message: "No.", nothingCreated: true } as const;

interface Received {
  readonly policy: string;
  /** The organization's policy file; null where there's none. */
  readonly organization?: string | null;
  readonly fromFork?: boolean;
  /** Null where sessions run on none of the administrator's machines. */
  readonly allowed?: SelfHosting | null;
}

/** What a bot comments on `/copilot triage`, and whether it asked for a session in the cloud. */
async function receive(received: Received) {
  const { policy, organization = null, fromFork = false, allowed = ALLOWED } = received;
  const bodies: string[] = [];
  let clouds = 0;
  const file = { blob: "b10b", text: policy };
  const organizations = { blob: "0rg", text: organization };
  const subject = subjectWith({ pull: fromFork ? { ...PULL, fromFork } : null });
  const survey = surveyWith({ subject });
  const { runner, store } = await clockedBot({
    clock: createClock(),
    github: {
      survey: () =>
        Promise.resolve({
          ...survey,
          policy: {
            repository: { ...survey.policy.repository, file },
            organization:
              organization === null ? null : { ...survey.policy.repository, file: organizations },
          },
        }),
      createComment(_task, body) {
        bodies.push(body);
        return Promise.resolve(1);
      },
      updateComment: (_task, _id, body) => Promise.resolve(void bodies.push(body)),
    },
    identities: {},
    copilot: {
      open() {
        clouds += 1;
        return Promise.resolve({ type: "failed", failure: REFUSAL });
      },
    },
    selfHosting: allowed,
    hosts: GITHUB_COM,
    timeouts: TIMEOUTS,
  });
  const { id } = await inserted(store.tasks, commanded(1));
  const next = await runner.receive(id);
  if (next === "start") await runner.start(id);
  await runner.stop();
  return { clouds, reason: (await store.tasks.get(id))?.outcome, body: bodies.at(-1) ?? "" };
}

const OWN = "The policy wants this to run on the bot administrator's own machines";

const COMMIT = surveyWith({}).policy.repository.commit;

/** The link to a line of the repository's policy file. */
function inFile(line: number): string {
  return `[this repository's policy file](https://github.com/octo-org/hello/blob/${COMMIT}/.github/copilot-tasks.yml#L${line})`;
}

test.each([
  [
    "self_hosting_off",
    { policy: "runs_on: self-hosted", allowed: null },
    `${OWN}, but this bot runs no sessions there. Its administrator can set that up (\`SELF_HOSTED\`), or maintainers can change \`runs_on\` in ${inFile(1)}.`,
  ],
  [
    "self_hosting_repository",
    {
      policy: "runs_on: { triage: { self-hosted: [gpu] } }",
      allowed: { ...ALLOWED, repositories: ["octo-org/other"] },
    },
    `${OWN}, but this bot runs no sessions of this repository there. Its administrator can add it to \`SELF_HOSTED_REPOSITORIES\`, or maintainers can change \`runs_on\` in ${inFile(1)}.`,
  ],
  [
    "self_hosting_egress",
    { policy: "runs_on: self-hosted\negress: [registry.example.com, files.example.com]" },
    `The policy lets sessions reach the host \`files.example.com\`, but this bot doesn't allow that. Its administrator can add it to \`SELF_HOSTED_EGRESS\`, or maintainers can leave it out of \`egress\` in ${inFile(2)}.`,
  ],
  [
    "self_hosting_egress",
    {
      policy: "runs_on: self-hosted",
      organization: "forks: deny\negress: [files.example.com]",
    },
    `The policy lets sessions reach the host \`files.example.com\`, but this bot doesn't allow that. Its administrator can add it to \`SELF_HOSTED_EGRESS\`, or maintainers of this repository or of the organization's repository \`.github\` can leave it out of \`egress\` in this repository's \`.github/copilot-tasks.yml\` or [the organization's policy file](https://github.com/octo-org/.github/blob/${COMMIT}/.github/copilot-tasks.yml#L2).`,
  ],
  [
    "cloud_not_allowed",
    { policy: "qr: false", allowed: { ...ALLOWED, only: ["octo-org/hello"] } },
    "The bot's administrator keeps this repository's sessions out of GitHub's cloud (`SELF_HOSTED_ONLY`), but the policy runs this task there. Maintainers can set `runs_on: self-hosted` in `.github/copilot-tasks.yml`.",
  ],
  [
    "cloud_not_allowed",
    { policy: "runs_on: { fix: self-hosted }", allowed: { ...ALLOWED, only: ["octo-org/hello"] } },
    "The bot's administrator keeps this repository's sessions out of GitHub's cloud (`SELF_HOSTED_ONLY`), but the policy runs this task there. Maintainers can set `runs_on: self-hosted` in `.github/copilot-tasks.yml`.",
  ],
  [
    "self_hosting_fork",
    { policy: "runs_on: self-hosted\nforks: base", fromFork: true },
    `${OWN}, and pull requests from forks never run there. Maintainers can change this: \`runs_on\` in ${inFile(1)}.`,
  ],
])("a task isn't started anywhere: %s", async (reason, received, sentence) => {
  const { clouds, reason: outcome, body } = await receive(received);
  expect(outcome).toMatchObject({ type: "denied", reason });
  expect(body).toContain(`\n${sentence}\n`);
  expect(clouds).toBe(0);
});

test.each([
  { policy: "runs_on: { fix: self-hosted }" },
  { policy: "runs_on: self-hosted-if-blocked", allowed: null },
  { policy: "runs_on: self-hosted-if-blocked\nforks: base", fromFork: true },
])("a task is started in the cloud: %j", async (received) => {
  expect((await receive(received)).clouds).toBe(1);
});
