import type { Task } from "../../src/core/task/task.ts";
import type { PressedButton } from "../../src/ports/page-commands.ts";
import type { ChangedTask, TaskListRequest, TaskLists } from "../../src/ports/task-lists.ts";
import type { ReadableRepository } from "../../src/ports/viewing.ts";
import type { PagesOptions } from "../../src/web/options.ts";
import { createWorld } from "./world.ts";

/** The repository of `taskWith`, which is nobody's but its people's. */
export const VAULT: ReadableRepository = {
  id: 1_296_269,
  ownerId: 9_919,
  owner: "octo-org",
  ownerType: "Organization",
  name: "hello",
  isPrivate: true,
  role: "write",
};

interface News {
  readonly task: ChangedTask;
  readonly done: () => void;
}

/** The bot's own pages, about these tasks. */
export function createTaskWorld(
  tasks: readonly Task[],
  changes: Partial<PagesOptions> = {},
  more: Partial<TaskLists> = {},
) {
  const pressed: PressedButton[] = [];
  const asked: TaskListRequest[] = [];
  /** What the pages haven't been told yet, and what they have just been told. */
  const [news, told]: [News[], News[]] = [[], []];
  const waiting: (() => void)[] = [];
  const inside = (readable: readonly { readonly id: number }[]) =>
    tasks.filter(({ place }) => readable.some(({ id }) => id === place.repositoryId));

  const lists: TaskLists = {
    page(request) {
      asked.push(request);
      return Promise.resolve({ tasks: inside(request.readable), newer: null, older: null });
    },
    waitingFor: (_person, readable) => Promise.resolve(inside(readable)),
    whereIs(id) {
      const place = tasks.find((task) => task.id === id)?.place ?? null;
      if (place === null) return Promise.resolve(null);
      const { repositoryId, owner, repository: name } = place;
      return Promise.resolve({ id: repositoryId, owner, name });
    },
    find: (id, readable) =>
      Promise.resolve(inside(readable).find((task) => task.id === id) ?? null),
    audit: () => Promise.resolve([]),
    commands: () => Promise.resolve([]),
    async changes(since) {
      for (const { done } of told.splice(0)) done();
      if (since === null) return { changed: [], cursor: "c", isComplete: true };
      while (news.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
      const fresh = news.splice(0);
      told.push(...fresh);
      return { changed: fresh.map(({ task }) => task), cursor: "c", isComplete: true };
    },
    repository: () => Promise.reject(new Error("no figures")),
    overview: () => Promise.reject(new Error("no overview")),
    ...more,
  };
  const world = createWorld({
    lists,
    pageCommands: {
      press(button) {
        pressed.push(button);
        return Promise.resolve({ type: "too_many" });
      },
      outcomeOf: () => Promise.resolve(null),
    },
    ...changes,
  });
  return {
    ...world,
    /** The buttons that were pressed, and what lists were asked for. */
    pressed,
    asked,
    /** A task has changed. It resolves when whoever listens has been told so. */
    tell({ id, place }: Task): Promise<void> {
      const { promise, resolve: done } = Promise.withResolvers<void>();
      news.push({ task: { id, repositoryId: place.repositoryId }, done });
      for (const wake of waiting.splice(0)) wake();
      return promise;
    },
  };
}
