import { expect, test } from "vitest";
import { createTaskLists } from "../../src/store/task-lists.ts";
import { OCTOCAT, WRITER } from "../web/github.ts";
import { formHeaders } from "../web/browser.ts";
import { createWorld, PUBLIC_URL } from "../web/world.ts";
import { VAULT } from "../web/task-world.ts";
import { afterNoon, listedTask, writeTasks } from "./listed.ts";
import { openStore } from "./opened.ts";

const UNKNOWN = "00000000-cc78-11e3-81ab-4c9367dc0958";
const AT = new Date(afterNoon(60_000));

/** The pages of a replica, with the database that others have, too. Octocat can read the repository, and the writer can't. */
async function replica({ database }: Pick<Awaited<ReturnType<typeof openStore>>, "database">) {
  const world = createWorld({ lists: createTaskLists(database, () => AT) });
  world.github.readable.set(OCTOCAT.id, [VAULT]);
  const [reader, stranger] = [world.open(), world.open()];
  await world.signIn(reader, OCTOCAT);
  await world.signIn(stranger, WRITER);
  return { ...world, reader, stranger };
}

test("on each replica, a task that somebody can't read is as one that isn't there", async () => {
  const store = await openStore();
  const task = listedTask(afterNoon(0), { place: { repositoryId: VAULT.id } });
  await writeTasks(store.database, [task]);
  for (const { reader, stranger, github } of [await replica(store), await replica(store)]) {
    expect((await reader.get(`/tasks/${task.id}`)).html).toContain(task.id);
    await stranger.get("/");
    const paths = [
      (id: string) => `/tasks/${id}`,
      (id: string) => `/tasks/${id}?command=${id}&again=1`,
      (id: string) => `/tasks/${id}/events`,
      (id: string) => `/tasks/${id}/commands`,
      (id: string) => `/?search=${id}`,
      (id: string) => `/?search=${id.slice(0, 8)}`,
    ];
    for (const path of paths) {
      const seen = async (id: string) => {
        github.asked.length = 0;
        const { status, headers, html } = await stranger.get(path(id));
        const asked = github.asked.map((one) => (one === "scope" ? one : "repository"));
        // What somebody typed is theirs.
        const text = html.replaceAll(id, "ID").replaceAll(id.slice(0, 8), "ID");
        return { status, headers: [...headers], text, asked };
      };
      expect(await seen(task.id)).toEqual(await seen(UNKNOWN));
    }
    const press = async (id: string) => {
      const page = await stranger.get("/");
      const token = /name="form_token" value="(?<token>[^"]+)"/u.exec(page.html)?.groups?.["token"];
      const fields = { form_token: token ?? "", command: "stop", key: "k".repeat(22) };
      const body = new URLSearchParams(fields).toString();
      const init = { method: "POST", headers: formHeaders(PUBLIC_URL), body };
      const { status, headers, html } = await stranger.send(`/tasks/${id}/commands`, init);
      return { status, headers: [...headers], html };
    };
    expect(await press(task.id)).toEqual(await press(UNKNOWN));
    expect((await press(task.id)).status).toBe(404);
  }
});

test("what somebody types is compared as it is, and no pattern", async () => {
  const store = await openStore();
  const task = listedTask(afterNoon(0), { place: { repositoryId: VAULT.id } });
  await writeTasks(store.database, [task]);
  const { reader } = await replica(store);
  const finds = async (name: string, value: string) => {
    const { status, html } = await reader.get(
      `/?${new URLSearchParams({ [name]: value }).toString()}`,
    );
    expect([name, value, status]).toEqual([name, value, 200]);
    return html.includes(`/tasks/${task.id}`);
  };
  const own = { search: "hello", kind: "triage", requester: "octocat" };
  for (const [name, value] of Object.entries(own)) {
    expect(await finds(name, value)).toBe(true);
    const half = value.slice(0, 3);
    const patterns = [
      "%",
      "_%",
      `${half}%`,
      `${half}${"_".repeat(value.length - 3)}`,
      `${half}*`,
      `${half}.*`,
    ];
    const quoted = [
      `${value}' or '1'='1`,
      `${value}"`,
      `${value}\\`,
      `${value};--`,
      `\u0000`,
      `${value}\u0000`,
      "\uD800",
    ];
    for (const typed of [...patterns, ...quoted]) {
      expect([name, typed, await finds(name, typed)]).toEqual([name, typed, false]);
    }
  }
});
