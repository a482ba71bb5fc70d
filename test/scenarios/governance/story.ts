import { vi } from "vitest";
import { organization } from "../../../sandbox/github/seed.ts";
import type { Place, World } from "../world.ts";

// Several stories share a world, and the worlds share the processors.
vi.setConfig({ testTimeout: 100_000, hookTimeout: 100_000 });

/** Where the policy file is. */
export const POLICY = ".github/copilot-tasks.yml";

/** What Mission Control is asked for one session. */
export const ONE_SESSION = ["POST /agents/tasks", "POST /agents/tasks/UUID/steer"];

/** What every comment about a session that was started says. */
export const LINK = "[Open session]";

/** A repository of the organization's. */
export function inOrganization(repo: string) {
  return { owner: organization, repo };
}

/** Writes a repository's policy file on its default branch, and gives the repository. */
export async function withPolicy({ github }: World, repo: string, policy: string) {
  const repository = inOrganization(repo);
  await github.writeFile(repository, POLICY, policy);
  return repository;
}

/** A new issue of octocat's. */
export function newIssue({ github }: World, repo: string, body = "") {
  return github.as("octocat").openIssue(inOrganization(repo), { title: "Look at this", body });
}

/** Somebody writes a command (`/…`), or sets a label. */
export async function ask({ github }: World, login: string, subject: Place, asked: string) {
  const person = github.as(login);
  if (asked.startsWith("/")) await person.comment(subject, asked);
  else await person.label(subject, asked);
}

/** What the bot comments on that: more than that Copilot is starting, which a slow machine sees first. */
export async function answerTo(
  world: World,
  login: string,
  subject: Place,
  asked: string,
): Promise<string> {
  const { owner, repo, number } = subject;
  const replies = async () => {
    const { comments } = await world.github.thread(owner, repo, number);
    return comments.filter(({ author }) => author === world.github.botLogin);
  };
  const before = (await replies()).length;
  await ask(world, login, subject, asked);
  const answer = async () =>
    (await replies()).slice(before).at(-1)?.body ?? "⏳ Copilot is starting";
  await world.github.until(
    async () => !(await answer()).includes("⏳ Copilot is starting"),
    60_000,
  );
  return answer();
}

/** The same on a new issue of octocat's. */
export async function answerIn(
  world: World,
  login: string,
  repo: string,
  asked: string,
): Promise<string> {
  return answerTo(world, login, await newIssue(world, repo), asked);
}

/** Somebody writes a comment that the bot answers with a reaction alone; all the bot did, then. */
export async function silentAnswerTo(world: World, login: string, subject: Place, words: string) {
  const { owner, repo, number } = subject;
  const written = await world.github.as(login).comment(subject, words);
  const thread = () => world.github.thread(owner, repo, number);
  const reactions = async () => {
    const { comments } = await thread();
    return comments.find(({ id }) => id === written.id)?.reactions ?? [];
  };
  await world.github.until(async () => (await reactions()).length > 0, 60_000);
  const comments = (await thread()).comments.filter(
    ({ author }) => author === world.github.botLogin,
  );
  return {
    reactions: (await reactions()).map(({ content }) => content),
    comments: comments.length,
  };
}

/** What a stranger's command gets. */
export const ONLY_A_REACTION = { reactions: ["confused"], comments: 0 };

/** The prompts that sessions of a repository have got, oldest first. */
export function promptsIn({ missionControl }: World, repo: string): string[] {
  return missionControl.tasks
    .filter(({ repository }) => repository === `${organization}/${repo}`)
    .flatMap(({ prompts }) => prompts);
}

/** What Mission Control was asked to do about a repository: without the polling of events, and the calls that only read. */
export function askedAbout({ missionControl }: World, repo: string): string[] {
  const tasks = missionControl.tasks.filter(
    ({ repository }) => repository === `${organization}/${repo}`,
  );
  return missionControl.requests
    .filter(({ method, path, body }) => {
      if (method !== "POST" || !/^\/agents\/(?!.*\/rpc$)/u.test(path)) return false;
      const isCreation = JSON.stringify(body ?? {}).includes(`"name":"${repo}"`);
      return isCreation || tasks.some(({ id }) => path.includes(id));
    })
    .map(({ method, path }) => `${method} ${path.replace(/[0-9a-f-]{36}/u, "UUID")}`);
}

/** Waits until the bot has nothing left to do for the task of a comment; the log's line about that. */
export async function settled({ log }: World, comment: string): Promise<string> {
  const id = /<!-- copilot-task:(?<id>[0-9a-f-]{36}) -->/u.exec(comment)?.groups?.["id"] ?? "none";
  const line = () => log.find((one) => one.includes(id) && one.includes('"msg":"task settled"'));
  await vi.waitUntil(() => line() !== undefined, 60_000);
  return line() ?? "";
}

/**
 * Takes a place among the starts by a session whose agent does not start.
 *
 * @returns a function that lets the agent start, and so gives the place back
 */
export async function holdPlace(world: World, repo: string): Promise<() => void> {
  const { missionControl } = world;
  const count = () => missionControl.tasks.length;
  const before = count();
  missionControl.behaveOnce({ worker: "none" }, `${organization}/${repo}`);
  await ask(world, "octocat", await newIssue(world, repo), "copilot:triage");
  await missionControl.until(() => count() > before, 60_000);
  const { id = "" } = missionControl.tasks.at(-1) ?? {};
  return () => missionControl.startWorker(id);
}

/** For so long the bot takes what it has found out as it is. */
const FRESH_MS = 2_000;

/** Somebody labels a new issue of octocat's; resolves when the task waits to be processed again. */
export async function waitingTask(world: World, login: string, repo: string) {
  const issue = await newIssue(world, repo);
  await ask(world, login, issue, "copilot:triage");
  const seen = async () => (await world.github.thread(issue.owner, repo, issue.number)).reactions;
  await world.github.until(async () => (await seen()).length > 0, 60_000);
  const since = Date.now();
  await vi.waitUntil(() => Date.now() - since > FRESH_MS, 30_000);
  return issue;
}
