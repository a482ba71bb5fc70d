import { copilotAccount } from "../sandbox/github/seed.ts";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { LoopbackGitHub } from "../sandbox/github/loopback.ts";
import { liftLimits, WITH_DEFAULTS } from "../sandbox/github/limits.ts";
import { startGitHub } from "../sandbox/github/server.ts";
import type { MissionControl } from "../sandbox/mission-control/server.ts";
import { startMissionControl } from "../sandbox/mission-control/server.ts";
import type { Program } from "./program.ts";
import { startProgram } from "./program.ts";

/** An issue or pull request. */
export interface Place {
  readonly owner: string;
  readonly repo: string;
  readonly number: number;
}

/** A GitHub and a Mission Control of the sandbox, and what is started against them. */
export interface World {
  readonly directory: string;
  readonly github: LoopbackGitHub;
  readonly missionControl: MissionControl;
  /** A bot that is ready; `name` distinguishes them. */
  startBot(name: string, settings?: Readonly<Record<string, string>>): Promise<Program>;
  /** The script that does the same with the SDK alone; `name` is the program's. */
  startScript(name?: string, settings?: Readonly<Record<string, string>>): Promise<Program>;
  close(): Promise<void>;
}

/** The person who sets labels, and whose Copilot is used. */
export const PERSON = "octocat";
export const REPOSITORY = { owner: "octo-org", repo: "hello" } as const;
const LABEL = "copilot:triage";
const MAX_TIMER_MS = 300_000;

/** Starts a world; its directory is under the given one. */
export async function startWorld(parent: string, name: string): Promise<World> {
  const directory = join(parent, name);
  mkdirSync(directory, { recursive: true });
  const missionControl = await startMissionControl();
  const github = await startGitHub({ repositories: WITH_DEFAULTS });
  await liftLimits(github);
  const { token } = github.as(copilotAccount);
  return {
    directory,
    github,
    missionControl,
    async startBot(bot, settings = {}) {
      const program = await startProgram("bot", {
        directory,
        settings: {
          ...github.environment,
          ...missionControl.environment,
          COPILOT_GITHUB_TOKEN: token,
          HOST: "127.0.0.1",
          PORT: "0",
          DATA_DIR: join(directory, bot),
          ...settings,
        },
      });
      await program.ask({ ask: "ready" }, z.object({}));
      return program;
    },
    startScript: (script = "sdk-script", settings = {}) =>
      startProgram(script, {
        directory,
        settings: {
          ...missionControl.environment,
          DATA_DIR: join(directory, "script"),
          GITHUB_API: `http://${github.host}/api/v3`,
          GITHUB_TOKEN: token,
          ...settings,
        },
      }),
    async close() {
      await github.close();
      await missionControl.close();
    },
  };
}

/** Opens issues, which asks the bot for nothing yet. */
export async function openIssues({ github }: World, count: number): Promise<Place[]> {
  const person = github.as(PERSON);
  const places: Place[] = [];
  for (let index = 0; index < count; index += 1) {
    const body = "The page stays empty after a click on “Save”.";
    places.push(await person.openIssue(REPOSITORY, { title: "Nothing is saved", body }));
  }
  return places;
}

/** Labels each place and waits for all links; gives the milliseconds from the first webhook to the last link. */
export async function labelAll(world: World, bot: Program, places: readonly Place[]) {
  const { github } = world;
  const seen = github.deliveries.length;
  const links = countLinks(world);
  const labeling = setLabels(world, bot, places);
  await github.until(() => links() >= places.length, MAX_TIMER_MS);
  const ended = Date.now();
  await labeling;
  const sent = github.deliveries.slice(seen).filter(({ action }) => action === "labeled");
  return ended - Math.min(...sent.map(({ at }) => at));
}

/** Labels each place; resolves when the bot has acknowledged all of that. */
export async function setLabels({ github }: World, bot: Program, places: readonly Place[]) {
  github.deliverTo(`${bot.url}/api/github/webhooks`);
  const person = github.as(PERSON);
  await Promise.all(places.map((place) => person.label(place, LABEL)));
}

/** Counts the links that were posted from now on. */
function countLinks({ github: { requests } }: World): () => number {
  let links = 0;
  let seen = requests.length;
  return () => {
    for (const { method, path, body } of requests.slice(seen)) {
      seen += 1;
      if (method === "POST" && /\/issues\/\d+\/comments$/u.test(path)) links += linksIn(body);
    }
    return links;
  };
}

function linksIn(body: unknown): number {
  const { body: text } = z.object({ body: z.string() }).parse(body);
  if (!text.includes("/tasks/")) throw new Error(`a task did not start:\n${text}`);
  return 1;
}

/** Has the script start a session for each place; gives the milliseconds. */
export async function scriptAll(script: Program, places: readonly Place[], concurrency = 1) {
  const { ms } = await script.ask(
    { ask: "work", places, concurrency, prompt: PROMPT },
    z.object({ ms: z.number() }),
  );
  return ms;
}

/** About as long as one of the bot's. */
const PROMPT = "Find out what the issue is about, and what should be done. ".repeat(40);

/** Opens a pull request from a branch of the same repository. */
export function openPullRequest({ github }: World): Promise<Place> {
  return github.as(PERSON).openPullRequest(REPOSITORY, { title: "Save again", head: "feature" });
}

/** Discusses a subject. */
export async function comment({ github }: World, place: Place, times: number): Promise<void> {
  for (let time = 1; time <= times; time += 1) {
    await github.as(PERSON).comment(place, `It happens to me too, for the ${time}. time.`);
  }
}
