import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Task } from "../../src/core/task/task.ts";
import type { TaskFilter, TaskLists, TaskListPage } from "../../src/ports/task-lists.ts";
import { createTaskLists } from "../../src/store/task-lists.ts";
import { denied, over } from "../core/task.ts";
import { runs } from "../runs.ts";
import { afterNoon, listedTask, readable, writeTasks } from "./listed.ts";
import { openStore } from "./opened.ts";

const NOON = new Date("2026-11-21T12:00:00.000Z");

async function opened(...tasks: readonly Task[]) {
  const store = await openStore();
  await writeTasks(store.database, tasks);
  return { ...store, lists: createTaskLists(store.database, () => NOON) };
}

function idsOf(tasks: readonly Pick<Task, "id">[]): readonly string[] {
  return tasks.map(({ id }) => id);
}

const inRepository = (repositoryId: number) => ({ place: { repositoryId } }) as const;

describe("the list of tasks", () => {
  test("has the newest first, of the readable repositories alone", async () => {
    const first = listedTask(afterNoon(1), inRepository(1));
    const second = listedTask(afterNoon(2), inRepository(2));
    const hidden = listedTask(afterNoon(3), inRepository(3));
    const third = listedTask(afterNoon(4), inRepository(1));
    const { lists } = await opened(first, second, hidden, third);
    const page = (ids: readonly number[], filter: TaskFilter = {}) =>
      lists.page({ readable: readable(...ids), filter, limit: 10 });

    expect(await page([1, 2, 2, 4])).toEqual({
      tasks: [third, second, first],
      newer: null,
      older: null,
    });
    const nothing = { tasks: [], newer: null, older: null };
    expect(await page([])).toEqual(nothing);
    expect(await page([4])).toEqual(nothing);
    expect(await page([1, 2], { repositoryId: 3 })).toEqual(nothing);
    expect(idsOf((await page([1, 2], { repositoryId: 2 })).tasks)).toEqual([second.id]);
  });

  test("has what got a kind or was refused with a reply, and no other commands", async () => {
    const refused = { state: "failed", decision: { kind: null } } as const;
    const kept = listedTask(afterNoon(1), { ...refused, outcome: denied("fork", "No.") });
    const { lists } = await opened(
      kept,
      listedTask(afterNoon(2), { ...refused, outcome: denied("no_permission") }),
      listedTask(afterNoon(3), { decision: { kind: null } }),
    );
    const { tasks } = await lists.page({ readable: readable(1_296_269), filter: {}, limit: 10 });
    expect(tasks).toEqual([kept]);
  });

  test("is paged in both directions, though many tasks are of the same time", async () => {
    const tasks = Array.from({ length: 25 }, (_, index) =>
      listedTask(afterNoon(Math.floor(index / 10)), inRepository((index % 3) + 1)),
    );
    const { lists } = await opened(...tasks);
    const request = { readable: readable(1, 2, 3), filter: {} };
    const pages: TaskListPage[] = [await lists.page({ ...request, limit: 10 })];
    for (let older = pages[0]?.older; older; older = pages.at(-1)?.older) {
      pages.push(await lists.page({ ...request, limit: 10, before: older }));
    }
    expect(pages.map((page) => idsOf(page.tasks))).toEqual([
      idsOf(tasks.slice(15).toReversed()),
      idsOf(tasks.slice(5, 15).toReversed()),
      idsOf(tasks.slice(0, 5).toReversed()),
    ]);
    const after = pages[2]?.newer ?? "";
    const second = await lists.page({ ...request, limit: 10, after });
    expect(second).toEqual(pages[1]);
    const first = await lists.page({ ...request, limit: 10, after: second.newer ?? "" });
    expect(first).toEqual(pages[0]);
  });

  test("begins at its first page where a cursor isn't readable", async () => {
    const task = listedTask(afterNoon(1));
    const { lists } = await opened(task);
    for (const before of ["", "x", "2026-11-21_1", "' or 1=1 --", "\0"]) {
      const page = await lists.page({
        readable: readable(1_296_269),
        filter: {},
        limit: 10,
        before,
      });
      expect(page).toEqual({ tasks: [task], newer: null, older: null });
    }
  });

  test.each<[search: string, found: readonly number[]]>([
    ["octo-org/hello#7", [0, 1]],
    ["https://github.com/octo-org/hello/issues/7", [0, 1]],
    ["OCTO-ORG/HELLO", [0, 1, 2]],
    ["hello#8", [2]],
    ["other", [3]],
    ["acme/hello", []],
    ["#7", [0, 1, 3]],
    ["7", [0, 1, 3]],
    ["@ada", [1, 3]],
    ["Ada", [1, 3]],
    ["fix", [2]],
    ["ad", []],
    ["a%", []],
    ["_da", []],
    ["hidden", []],
    ["", [0, 1, 2, 3]],
  ])("finds %j", async (search, found) => {
    const ada = { requester: { login: "Ada", id: 5 } };
    const tasks = [
      listedTask(afterNoon(1), inRepository(1)),
      listedTask(afterNoon(2), over(inRepository(1), ada)),
      listedTask(
        afterNoon(3),
        over(inRepository(1), { subject: { number: 8 }, decision: { kind: "fix" } }),
      ),
      listedTask(afterNoon(4), over(inRepository(2), ada)),
      listedTask(afterNoon(5), over(inRepository(3), ada)),
    ];
    const { lists } = await opened(...tasks);
    const page = await lists.page({ readable: readable(1, 2), filter: { search }, limit: 10 });
    expect(idsOf(page.tasks)).toEqual(found.toReversed().map((index) => tasks[index]?.id));
  });

  test("finds a task by the beginning of its id, if its repository is readable", async () => {
    const task = listedTask(afterNoon(1), inRepository(1), {
      id: "8ee29e8b-ab13-4f35-9e83-95612c97168c",
    });
    const { lists } = await opened(task, listedTask(afterNoon(2), inRepository(2)));
    const found = async (search: string, ids = [1, 2]) =>
      idsOf(
        (await lists.page({ readable: readable(...ids), filter: { search }, limit: 10 })).tasks,
      );
    for (let length = 4; length <= task.id.length; length += 1) {
      expect([length, await found(task.id.slice(0, length))]).toEqual([length, [task.id]]);
    }
    expect(await found(task.id.toUpperCase())).toEqual([task.id]);
    expect(await found(task.id.slice(0, 8), [2])).toEqual([]);
    expect(await found(task.id.slice(0, 3))).toEqual([]);
  });

  test("finds a repository by the name that it has on GitHub now", async () => {
    const task = listedTask(afterNoon(1), { place: { repositoryId: 1, repository: "old-name" } });
    const { lists } = await opened(task);
    const renamed = [{ id: 1, owner: "Octo-Org", name: "New-Name" }];
    const found = async (search: string) =>
      idsOf((await lists.page({ readable: renamed, filter: { search }, limit: 10 })).tasks);
    expect(await found("octo-org/new-name")).toEqual([task.id]);
    expect(await found("new-name#7")).toEqual([task.id]);
    expect(await found("octo-org/old-name")).toEqual([]);
  });
});

const STATES = ["queued", "in_progress", "waiting_for_user", "completed", "failed"] as const;
const KINDS = ["triage", "fix"] as const;
const LOGINS = ["octocat", "Ada", "dependabot[bot]"] as const;

const anyTask = fc.record({
  ms: fc.nat(20),
  repositoryId: fc.integer({ min: 1, max: 6 }),
  state: fc.constantFrom(...STATES),
  kind: fc.constantFrom(...KINDS),
  login: fc.constantFrom(...LOGINS),
  number: fc.integer({ min: 1, max: 3 }),
});

const anyFilter = fc.record(
  {
    state: fc.constantFrom(...STATES),
    kind: fc.constantFrom(...KINDS),
    requester: fc.constantFrom(...LOGINS, "ada", "nobody"),
    repositoryId: fc.integer({ min: 1, max: 7 }),
    search: fc.constantFrom("#1", "2", "triage", "ada", "octo-org/other#3", "hello", "x y"),
  },
  { requiredKeys: [] },
);

/** Every page, from the first to the last one, and back. */
async function allPages(lists: TaskLists, ids: readonly number[], filter: TaskFilter) {
  const request = { readable: readable(...ids), filter, limit: 4 };
  const down = [await lists.page(request)];
  for (let older = down[0]?.older; older; older = down.at(-1)?.older) {
    down.push(await lists.page({ ...request, before: older }));
  }
  const up = down.slice(-1);
  for (let newer = up[0]?.newer; newer; newer = up.at(-1)?.newer) {
    up.push(await lists.page({ ...request, after: newer }));
  }
  return { down, up };
}

function position({ createdAt, id }: Task): string {
  return `${createdAt} ${id}`;
}

/** What a search for these words stands for. */
function isSearched(task: Task, search: string | undefined): boolean {
  const { decision, requester, subject, place } = task;
  switch (search) {
    case "#1":
    case "2":
      return subject.number === Number(search.at(-1));
    case "octo-org/other#3":
      return subject.number === 3 && place.repositoryId === 2;
    case "hello":
      return ![2, 3].includes(place.repositoryId);
    case "triage":
      return decision.kind === "triage";
    case "ada":
      return requester.login === "Ada";
    default:
      return search !== "x y";
  }
}

function isWanted(task: Task, { state, kind, requester, repositoryId, search }: TaskFilter) {
  return (
    (state ?? task.state) === task.state &&
    (kind ?? task.decision.kind) === task.decision.kind &&
    (requester ?? task.requester.login).toLowerCase() === task.requester.login.toLowerCase() &&
    (repositoryId ?? task.place.repositoryId) === task.place.repositoryId &&
    isSearched(task, search)
  );
}

test.each([
  { manyRepositories: 100, fewTasks: 2_000, maxLookedAt: 5_000, maxRepositories: 200 },
  { manyRepositories: 100, fewTasks: 1, maxLookedAt: 1, maxRepositories: 200 },
  { manyRepositories: 2, fewTasks: 5, maxLookedAt: 3, maxRepositories: 200 },
  { manyRepositories: 0, fewTasks: 1, maxLookedAt: 2, maxRepositories: 1 },
  { manyRepositories: 0, fewTasks: 1, maxLookedAt: 12, maxRepositories: 2 },
  { manyRepositories: 0, fewTasks: 20, maxLookedAt: 10, maxRepositories: 3 },
])("whatever is filtered and searched, each task is on one page, in order: %o", async (limits) => {
  const { database } = await opened();
  const lists = createTaskLists(database, () => NOON, limits);
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyTask, { maxLength: 40 }),
      fc.uniqueArray(fc.integer({ min: 1, max: 7 })),
      fc.array(anyFilter, { minLength: 1, maxLength: 5 }),
      async (drawn, ids, filters) => {
        const tasks = drawn.map(({ ms, repositoryId, state, kind, login, number }) =>
          listedTask(
            afterNoon(ms),
            over(inRepository(repositoryId), {
              state,
              decision: { kind },
              requester: { login },
              subject: { number },
            }),
          ),
        );
        await database.deleteFrom("tasks").execute();
        await writeTasks(database, tasks);
        const newestFirst = tasks
          .filter(({ place }) => ids.includes(place.repositoryId))
          .toSorted((one, other) => (position(one) < position(other) ? 1 : -1));
        for (const filter of filters) {
          const wanted = idsOf(newestFirst.filter((task) => isWanted(task, filter)));
          const { down, up } = await allPages(lists, ids, filter);
          expect(down.flatMap((page) => idsOf(page.tasks))).toEqual(wanted);
          if (limits.maxLookedAt > 40)
            for (const page of down.slice(0, -1)) expect(page.tasks).toHaveLength(4);
          // Back at the top, a page is full again, and may show what the one below it shows.
          expect(up.at(-1)).toEqual(down[0]);
          expect(new Set(up.flatMap((page) => idsOf(page.tasks)))).toEqual(new Set(wanted));
        }
      },
    ),
    { numRuns: runs(120) },
  );
});

test("a page with several filters looks at so many tasks, and the next one continues there", async () => {
  const rare = listedTask(afterNoon(0), over(inRepository(1), { state: "timed_out" }));
  const many = Array.from({ length: 40 }, (_, index) =>
    listedTask(afterNoon(index + 1), inRepository(1)),
  );
  const { database } = await opened(rare, ...many);
  const limits = { manyRepositories: 100, fewTasks: 0, maxLookedAt: 10, maxRepositories: 200 };
  const lists = createTaskLists(database, () => NOON, limits);
  const filter = { state: "timed_out", requester: "octocat" } as const;
  const request = { readable: readable(1), filter, limit: 4 };
  const first = await lists.page(request);
  expect(first).toMatchObject({ tasks: [], newer: null });
  const second = await lists.page({ ...request, before: first.older ?? "" });
  expect(second).toMatchObject({ tasks: [rare], older: null });
  const { up } = await allPages(lists, [1], filter);
  expect(up.flatMap(({ tasks }) => tasks)).toEqual([rare]);
  expect(up.at(-1)).toEqual(first);
  // An index alone decides about one filter: nothing is in the way.
  const alone = await lists.page({ ...request, filter: { state: "timed_out" } });
  expect(alone).toEqual({ tasks: [rare], newer: null, older: null });
});

test("what was found above the first page's tasks is shown before the first page", async () => {
  // Downward, three repositories share what's looked at; upward, only one is left.
  const found = [1, 2, 3].map((repositoryId) =>
    listedTask(
      afterNoon(3 - repositoryId),
      over(inRepository(repositoryId), { state: "timed_out" }),
    ),
  );
  const others = Array.from({ length: 5 }, (_, index) =>
    listedTask(afterNoon(index + 3), inRepository(1)),
  );
  const { database } = await opened(...found, ...others);
  const limits = { manyRepositories: 100, fewTasks: 0, maxLookedAt: 3, maxRepositories: 200 };
  const lists = createTaskLists(database, () => NOON, limits);
  const { down, up } = await allPages(lists, [1, 2, 3], {
    state: "timed_out",
    requester: "octocat",
  });
  expect(down[0]?.tasks).toEqual([]);
  expect(down.flatMap(({ tasks }) => idsOf(tasks))).toEqual(idsOf(found));
  expect(new Set(up.flatMap(({ tasks }) => idsOf(tasks)))).toEqual(new Set(idsOf(found)));
  expect(up.at(-1)).toEqual(down[0]);
});
