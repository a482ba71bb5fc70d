import { z } from "zod";
import type { LoopbackGitHub } from "../github/loopback.ts";
import type { Thread } from "../github/thread.ts";
import type { MissionControl } from "../mission-control/server.ts";

/** The world of a story. */
export interface World {
  readonly github: LoopbackGitHub;
  readonly missionControl: MissionControl;
  /** The page on which people connect their Copilot. */
  readonly connectPage: string;
}

/** What came of a story. */
export interface Story {
  readonly title: string;
  readonly scenes: readonly Scene[];
  /** What is not as it should be; empty when all is right. */
  readonly problems: readonly string[];
  /** Whose token the session was created with; null when there's none. */
  readonly owner: string | null;
  /** Of the task that the bot's comment is about; empty when there's no comment. */
  readonly taskId: string;
}

/** What a person does, and what they see then. */
export interface Scene {
  /** A sentence; null for what the headline says. */
  readonly action: string | null;
  readonly thread: Thread;
  /** Another thread that the bot has opened, under its title. */
  readonly opened?: Thread & { readonly name: string };
  /** What the bot's comment shows in the end. */
  readonly shown: string;
  /** From what the person did to that. */
  readonly milliseconds: number;
}

/** What the bot's comment has to show. */
export interface Expected {
  readonly text: string;
  /** What another comment says, which notifies people of it. */
  readonly notice?: string;
  /** What people call it. */
  readonly shown: string;
}

interface Place {
  readonly owner: string;
  readonly repo: string;
  readonly number: number;
}

const TIME_LIMIT_MS = 30_000;

/** A person does something, and the bot's comment says what it should; rejects when it doesn't within 30 seconds. */
export async function scene(
  world: World,
  { owner, repo, number }: Place,
  action: string | null,
  act: () => Promise<unknown>,
  { text, notice = "", shown }: Expected,
): Promise<Scene> {
  const before = performance.now();
  await act();
  const read = () => world.github.thread(owner, repo, number);
  const isThere = async () => {
    const bodies = ownComments(world, await read()).map(({ body }) => body);
    return [text, notice].every((part) => bodies.some((body) => body.includes(part)));
  };
  await world.github.until(isThere, TIME_LIMIT_MS);
  return { action, shown, thread: await read(), milliseconds: performance.now() - before };
}

export function ownComments({ github }: World, { comments }: Thread): Thread["comments"] {
  return comments.filter(({ author }) => author === github.botLogin);
}

/** By the bot's hidden marker. */
export function taskIdIn(world: World, thread: Thread): string {
  const [comment] = ownComments(world, thread);
  return /<!-- copilot-task:(?<id>[\w-]+) -->/u.exec(comment?.body ?? "")?.groups?.["id"] ?? "";
}

export function name(what: string, { owner, repo, number }: Place): string {
  return `${what} ${owner}/${repo}#${number}`;
}

const account = z.object({ login: z.string() });

/** Whose token a session was created with, by GitHub's own look-up, if that's somebody else. */
export function creatorProblems(
  { github, missionControl }: World,
  authorization: string | undefined,
  owner: string,
): string[] {
  const { body } = github.oauth.lookUpCopilot(authorization, new URL(missionControl.url).origin);
  const creator = account.safeParse(body).data?.login ?? "nobody";
  return creator === owner ? [] : [`the session is ${creator}'s instead of ${owner}'s`];
}
