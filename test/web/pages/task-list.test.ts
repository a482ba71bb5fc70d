import { describe, expect, test } from "vitest";
import { readFilter } from "../../../src/web/pages/task-filter.ts";
import { taskListPage } from "../../../src/web/pages/task-list.ts";
import { numbered, taskListView } from "../site-world.ts";
import { readable } from "./text.ts";

const filter = taskListView().filter;
const html = async (view: ReturnType<typeof taskListView>) => String(await taskListPage(view));

describe("the pages of a list", () => {
  test("keep the filters", async () => {
    const page = await html(
      taskListView({
        tasks: [numbered(1)],
        filter: { ...filter, state: "failed", repository: "octo-org/hello", search: "a&b" },
        newer: "n1",
        older: "o1",
      }),
    );
    const query = "state=failed&amp;repository=octo-org%2Fhello&amp;search=a%26b";
    expect(page).toContain(`href="/?${query}&amp;after=n1"`);
    expect(page).toContain(`href="/?${query}&amp;before=o1"`);
  });

  test("have no links where there's only one", async () => {
    expect(await html(taskListView({ tasks: [numbered(1)] }))).not.toContain('class="paging"');
  });
});

const choose = (query: Readonly<Record<string, string>>) => readFilter((name) => query[name]);

describe("the filter", () => {
  test("is what the address says", () => {
    const query = {
      state: "idle",
      repository: "a/b",
      kind: "fix",
      requester: "@ada",
      search: " x ",
    };
    const read = { state: "idle", repository: "a/b", kind: "fix", requester: "ada", search: "x" };
    expect(choose(query)).toEqual(read);
  });

  test("is none where fields are empty, or hold what can't be", () => {
    expect(choose({ state: "", search: "  " })).toEqual(filter);
    expect(choose({ state: "toString" }).state).toBe(null);
    expect(choose({ search: "x".repeat(5_000) }).search).toHaveLength(200);
    expect(choose({ kind: "fix\0", search: "\n a\u001Bb " })).toMatchObject({
      kind: "fix\uFFFD",
      search: "a\uFFFDb",
    });
  });

  test("stays in the form, whatever it is", async () => {
    const page = await html(
      taskListView({
        filter: { ...filter, kind: "gone", requester: '"><b>', state: "timed_out" },
      }),
    );
    expect(page).toMatch(/<option value="gone" selected>\s*gone\s*<\/option>/u);
    expect(page).toMatch(/<option value="timed_out" selected>\s*Timed out/u);
    expect(page).toContain('value="&quot;&gt;&lt;b&gt;"');
  });
});

test("one of many repositories is typed, so that no page has them all", async () => {
  const repositories = Array.from({ length: 101 }, (_none, index) => `octo-org/${index}`);
  const few = await html(
    taskListView({ choices: { repositories: repositories.slice(1), kinds: [] } }),
  );
  expect(few).toContain('<option value="octo-org/1"');
  const many = await html(
    taskListView({
      choices: { repositories, kinds: [] },
      filter: { ...filter, repository: "octo-org/7" },
    }),
  );
  expect(many).not.toContain('<option value="octo-org');
  expect(many).toMatch(
    /name="repository"\s+type="text"\s+value="octo-org\/7"\s+placeholder="OWNER\/NAME"/u,
  );
});

describe("where there's nothing, the page says what to do", () => {
  test("without the App anywhere", async () => {
    const view = taskListView({ choices: { repositories: [], kinds: [] } });
    expect(await readable(taskListPage(view))).toContain("Install the App");
    const unknown = await html({ ...view, installUrl: null });
    expect(unknown).not.toContain("Install the App");
  });

  test("without tasks", async () => {
    const text = await readable(taskListPage(taskListView()));
    expect(text).toContain("There are no tasks yet.");
    expect(text).toContain("copilot:triage");
  });

  test("behind the oldest task", async () => {
    const text = await readable(taskListPage(taskListView({ newer: "n1" })));
    expect(text).toContain("There are no older tasks.");
  });

  test("without a task that matches", async () => {
    const view = taskListView({ filter: { ...filter, kind: "fix" } });
    const text = await readable(taskListPage(view));
    expect(text).toContain("No tasks match.");
    expect(text).not.toContain("titles");
    const searched = taskListView({ filter: { ...filter, search: "clock" } });
    expect(await readable(taskListPage(searched))).toContain(
      "Search finds numbers, people, kinds, repositories, and task IDs. It doesn't look into titles.",
    );
  });

  test("where none matches among those that were looked at, and there are more", async () => {
    const view = taskListView({ filter: { ...filter, kind: "fix", state: "failed" }, older: "o1" });
    const page = taskListPage(view);
    expect(await readable(page)).toContain("No tasks match in this part of the list.");
    expect(await html(view)).toContain(
      'href="/?state=failed&amp;kind=fix&amp;before=o1">Older</a>',
    );
  });
});

test("only administrators are led to the administration", async () => {
  const { viewer } = taskListView();
  expect(await html(taskListView())).not.toContain("/admin");
  expect(await html(taskListView({ viewer: { ...viewer, isAdmin: true } }))).toContain(
    'href="/admin"',
  );
});
