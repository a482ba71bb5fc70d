import { afterEach, expect, test } from "vitest";
import { hello } from "../../sandbox/github/seed.ts";
import type { Submodules } from "../../src/ports/github.ts";
import { SubmoduleSearch } from "../../src/runner/start/submodule-search.ts";
import { modules, own, useSubmoduleWorld } from "../workspace/submodules-world.ts";

const world = useSubmoduleWorld();

afterEach(() => {
  world.github.forgetFaults();
});

/** What's found for a task of `octocat`, and what GitHub was asked for that. */
async function search(
  commit: string,
  changes: { submodulesMs?: number; github?: Submodules } = {},
) {
  const { github = world.connection, ...rest } = changes;
  const parts = {
    ports: {
      github: { ...world.connection, ...github },
      log: { info() {}, warn() {}, error() {} },
    },
    hosts: world.hosts(),
    ...rest,
  };
  const task = await world.taskOf("octocat", commit);
  const before = world.github.requests.length;
  const came = await new SubmoduleSearch(parts, task).from(hello.repo, commit);
  const asked = world.github.requests.slice(before).map(({ method, path }) => `${method} ${path}`);
  return { ...came, asked, paths: came.found.map(({ path }) => path) };
}

/** A commit of `hello` with these submodules, all at the same commit of whatever they lead to. */
async function commitWith(addresses: Readonly<Record<string, string>>, submodule: string) {
  const links = Object.keys(addresses).map((path) => [path, { submodule }] as const);
  const files = { ".gitmodules": modules(addresses), ...Object.fromEntries(links) };
  return world.github.git.commit(hello, { files });
}

function numbered(prefix: string, count: number, addressOf: (n: number) => string) {
  return Object.fromEntries(
    Array.from({ length: count }, (_, n) => [`${prefix}${n}`, addressOf(n)] as const),
  );
}

test("GitHub is asked about a repository once, however often it's named", async () => {
  const lib = await world.github.git.commit(own("lib"), { files: { ".gitmodules": null } });
  const commit = await commitWith(
    numbered("lib", 30, (n) => (n % 2 === 0 ? "../lib.git" : "../LIB")),
    lib,
  );
  // The first one also gets the App's own token.
  await search(commit);
  const { paths, leftOut, asked } = await search(commit);
  expect(paths).toEqual(Array.from({ length: 20 }, (_, n) => `lib${n}`));
  expect(leftOut).toHaveLength(10);
  expect(new Set(leftOut.map(({ reason }) => reason))).toEqual(new Set(["too_many"]));
  const of = (part: string) => asked.filter((one) => one.includes(part)).length;
  expect([of("/repos/"), of("/access_tokens"), of("/graphql")]).toEqual([2, 1, 2]);
});

test("no more than 40 repositories are looked at, and what GitHub doesn't list is said", async () => {
  const lib = "1".repeat(40);
  const commit = await commitWith(
    numbered("none", 130, (n) => `../none${n}.git`),
    lib,
  );
  const { paths, leftOut, asked } = await search(commit);
  expect(paths).toEqual([]);
  expect(asked.filter((one) => one.includes("/repos/"))).toHaveLength(40);
  expect(leftOut[0]).toEqual({ path: "*", reason: "too_many", count: 30 });
  const reasons = Object.groupBy(leftOut.slice(1), ({ reason }) => reason);
  expect([reasons.not_installed?.length, reasons.too_many?.length]).toEqual([40, 60]);
});

test("what GitHub hasn't said in time is left out, and the rest isn't", async () => {
  const nested = await world.github.git.commit(own("nested"), { files: { a: "a" } });
  const commit = await commitWith({ nested: "../nested.git", lib: "../lib.git" }, nested);
  world.github.failNext({ method: "GET", path: "/repos/octo-org/lib" }, "hang");
  const { paths, leftOut } = await search(commit, { submodulesMs: 2_500 });
  expect(paths).toEqual(["nested"]);
  expect(leftOut).toEqual([
    { path: "lib", reason: "too_slow" },
    { path: "nested/*", reason: "too_slow" },
  ]);
});

test("requests aren't made one after the other, nor after the time", async () => {
  const asked: string[] = [];
  const github = {
    submodulesAt: (...asking: Parameters<Submodules["submodulesAt"]>) =>
      world.connection.submodulesAt(...asking),
    submoduleToken: (_task: unknown, repository: string) => {
      asked.push(repository);
      return new Promise<never>(() => {});
    },
  };
  const commit = await commitWith(
    numbered("x", 12, (n) => `../x${n}.git`),
    "1".repeat(40),
  );
  const { leftOut } = await search(commit, { github, submodulesMs: 2_000 });
  expect(asked).toEqual(["x0", "x1", "x2", "x3", "x4"]);
  expect(leftOut.map(({ path, reason }) => `${path} ${reason}`)).toEqual(
    Array.from({ length: 12 }, (_, n) => `x${n} too_slow`),
  );
});

test("a failure of GitHub's isn't taken for a submodule that stays empty", async () => {
  const commit = await commitWith({ lib: "../lib.git" }, "1".repeat(40));
  world.github.failNext({ method: "GET", path: "/repos/octo-org/lib" }, { status: 503 }, 9);
  await expect(search(commit)).rejects.toMatchObject({ status: 503 });
});

test("submodules of a repository that GitHub refuses to show stay empty", async () => {
  const lib = await world.github.git.commit(own("lib"), {
    files: {
      ".gitmodules": modules({ nested: "../nested.git" }),
      nested: { submodule: "1".repeat(40) },
    },
  });
  const commit = await commitWith({ lib: "../lib.git" }, lib);
  world.github.failNext(
    { method: "POST", path: "/graphql", body: /"name":"lib"/u },
    { status: 451, body: { message: "Repository access blocked" } },
  );
  const { paths, leftOut } = await search(commit);
  expect(paths).toEqual(["lib"]);
  expect(leftOut).toEqual([{ path: "lib/*", reason: "refused" }]);
});

test("a directory gets one submodule", async () => {
  const commit = "1".repeat(40);
  const one = { path: "lib", address: "../lib.git", commit };
  const github = {
    submodulesAt: () =>
      Promise.resolve({ type: "list", submodules: [one, one], count: 2 } as const),
    submoduleToken: (...asking: Parameters<Submodules["submoduleToken"]>) =>
      world.connection.submoduleToken(...asking),
  };
  const { paths, leftOut } = await search(commit, { github });
  expect([paths.slice(0, 1), leftOut[0]]).toEqual([["lib"], { path: "lib", reason: "path" }]);
});

test("the search ends somewhere, whatever submodules lead to", async () => {
  const commit = "1".repeat(40);
  const asked: string[] = [];
  const github = {
    submodulesAt: (_task: unknown, repository: string) => {
      asked.push(repository);
      const submodules = [1, 2, 3, 4].map((n) => {
        return { path: `s${n}`, address: `../${repository}${n}.git`, commit };
      });
      return Promise.resolve({ type: "list", submodules, count: 4 } as const);
    },
    submoduleToken: (_task: unknown, repository: string) =>
      Promise.resolve({ type: "readable", repository, repositoryId: 4, token: "t" } as const),
  };
  const { found, paths } = await search(commit, { github });
  expect(found).toHaveLength(20);
  expect(paths.at(-1)).toBe("s4/s4");
  expect(asked).toHaveLength(1 + 4 + 16);
});
