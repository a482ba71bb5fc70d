import { describe, expect, test } from "vitest";
import { taskWith } from "../core/task.ts";
import { installation, installationToken, listedPull, openedPull, ownApp } from "./answers.ts";
import { useGitHub } from "./prepared.ts";

const github = useGitHub();

const task = taskWith();

const TOKENS = "POST /app/installations/31/access_tokens";
const TOKEN = "ghs_7hoP2qWe4rTy6uIo8pAs0dFg1hJk3lZx5cVb";
const PULLS = "/repos/octo-org/hello/pulls";
const BRANCH = "copilot/fix-7-72d3162e";
const SEARCH =
  `GET ${PULLS}?head=octo-org%3Acopilot%2Ffix-7-72d3162e&state=all&per_page=100` as const;
const ITS_HEAD = `octo-org:${BRANCH}`;

const pull = { branch: BRANCH, base: "main", title: "Fix #7: It breaks", body: "Fixes #7" };

describe("a token", () => {
  test("is for the task's repository alone, with what is needed", async () => {
    const connection = await github.connect();
    const expires_at = "2026-11-21T13:00:00Z";
    github.answers(TOKENS, { ...installationToken(TOKEN), expires_at });

    const token = await connection.repositoryToken(task, "read");
    expect(token).toEqual({ type: "token", token: TOKEN, expiresAt: expires_at });
    expect(github.received.at(-1)?.body).toEqual({
      repository_ids: [1_296_269],
      permissions: { contents: "read", metadata: "read" },
    });
  });

  test("is a new one each time", async () => {
    const connection = await github.connect();
    for (const token of [TOKEN, `${TOKEN}2`]) {
      github.answers(TOKENS, installationToken(token));
      expect(await connection.repositoryToken(task, "write")).toMatchObject({ token });
    }
    expect(github.received.at(-1)?.body).toMatchObject({ permissions: { contents: "write" } });
  });

  test("is for the repository that the session works on, where the issue was transferred since", async () => {
    const connection = await github.connect();
    github.answers(TOKENS, installationToken(TOKEN));

    const place = { repository: "new-home", repositoryId: 5, movedFrom: "octo-org/hello#7" };
    await connection.repositoryToken(taskWith({ place }), "write");
    expect(github.received.at(-1)?.body).toMatchObject({ repositories: ["hello"] });
  });

  test("is one of the installation that GitHub names, where the webhook named none", async () => {
    const connection = await github.connect();
    github.answers("GET /repos/octo-org/hello/installation", installation(31));
    github.answers(TOKENS, installationToken(TOKEN));

    const anywhere = taskWith({ place: { installationId: null } });
    expect(await connection.repositoryToken(anywhere, "read")).toMatchObject({ token: TOKEN });
  });

  const NOT_GRANTED = "The permissions requested are not granted to this installation.";

  test("that needs a permission which the App doesn't ask for", async () => {
    const connection = await github.connect();
    github.refuses(TOKENS, 422, { message: NOT_GRANTED });
    github.answers("GET /app", ownApp({ contents: "read" }));
    const permissions = { contents: "read" } as const;
    github.answers("GET /app/installations/31", { ...installation(31), permissions });

    expect(await connection.repositoryToken(task, "write")).toEqual({
      type: "not_permitted",
      missing: {
        name: "contents",
        level: "write",
        grantedBy: "app",
        page: "https://github.com/settings/apps/octoapp/permissions",
      },
    });
  });

  test("that needs a permission which the account hasn't accepted", async () => {
    const connection = await github.connect();
    github.refuses(TOKENS, 422, { message: NOT_GRANTED });
    github.answers("GET /app", ownApp({ contents: "write" }));
    const html_url = "https://github.com/organizations/octo-org/settings/installations/31";
    const permissions = { contents: "read" } as const;
    github.answers("GET /app/installations/31", { ...installation(31), permissions, html_url });

    expect(await connection.repositoryToken(task, "write")).toEqual({
      type: "not_permitted",
      missing: { name: "contents", level: "write", grantedBy: "account", page: html_url },
    });
  });

  test("that needs a permission which was granted meanwhile is asked for again by whoever asked", async () => {
    const connection = await github.connect();
    github.refuses(TOKENS, 422, { message: NOT_GRANTED });
    github.answers("GET /app", ownApp({ contents: "write" }));
    const permissions = { contents: "write" } as const;
    github.answers("GET /app/installations/31", { ...installation(31), permissions });

    const asked = connection.repositoryToken(task, "write");
    await expect(asked).rejects.toMatchObject({ status: 422 });
  });

  test("for a repository on which the App isn't installed anymore", async () => {
    const connection = await github.connect();
    const message =
      "There is at least one repository that does not exist or is not accessible to the parent installation.";
    github.refuses(TOKENS, 422, { message });

    const asked = await connection.repositoryToken(task, "read");
    expect(asked).toEqual({ type: "not_permitted", missing: null });
  });

  test("of an installation that is gone", async () => {
    const connection = await github.connect();
    github.refuses(TOKENS, 404);

    const asked = connection.repositoryToken(task, "read");
    await expect(asked).rejects.toMatchObject({ status: 404 });
  });
});

describe("a draft pull request", () => {
  test("is opened", async () => {
    const connection = await github.connectInstalled();
    github.answers(SEARCH, []);
    github.answers(`POST ${PULLS}`, openedPull(8));

    expect(await connection.openDraftPull(task, pull)).toEqual({
      type: "pull",
      number: 8,
      url: "https://github.com/octo-org/hello/pull/8",
      isNew: true,
      isOpen: true,
    });
    const { branch: head, ...written } = pull;
    expect(github.received.at(-1)?.body).toEqual({ ...written, head, draft: true });
  });

  test("that is there is found, the open one first", async () => {
    const connection = await github.connectInstalled();
    const others = [listedPull(12, "octo-org:main"), listedPull(11, `stranger:${BRANCH}`)];
    const own = [listedPull(10, ITS_HEAD, "closed"), listedPull(9, ITS_HEAD)];
    github.answers(SEARCH, [...others, ...own]);

    expect(await connection.openDraftPull(task, pull)).toEqual({
      type: "pull",
      number: 9,
      url: "https://github.com/octo-org/hello/pull/9",
      isNew: false,
      isOpen: true,
    });
  });

  test("that was closed isn't opened again", async () => {
    const connection = await github.connectInstalled();
    github.answers(SEARCH, [listedPull(10, ITS_HEAD, "closed")]);

    const found = await connection.openDraftPull(task, pull);
    expect(found).toMatchObject({ number: 10, isNew: false, isOpen: false });
  });

  test("that is opened between search and creation is found", async () => {
    const connection = await github.connectInstalled();
    github.answers(SEARCH, []);
    const message = `Validation Failed: A pull request already exists for ${ITS_HEAD}.`;
    github.refuses(`POST ${PULLS}`, 422, { message });
    github.answers(SEARCH, [listedPull(9, ITS_HEAD)]);

    const found = await connection.openDraftPull(task, pull);
    expect(found).toMatchObject({ number: 9, isNew: false, isOpen: true });
  });

  test("isn't asked for again when the answer is lost", async () => {
    const connection = await github.connectInstalled();
    github.answers(SEARCH, []);
    github.breaks(`POST ${PULLS}`);

    await expect(connection.openDraftPull(task, pull)).rejects.toMatchObject({ status: 500 });
  });

  test.each([
    ["Draft pull requests are not supported in this repository.", "drafts_unsupported"],
    [`Validation Failed: No commits between main and ${BRANCH}`, "nothing_new"],
  ])("isn't opened: %s", async (message, type) => {
    const connection = await github.connectInstalled();
    github.answers(SEARCH, []);
    github.refuses(`POST ${PULLS}`, 422, { message });

    expect(await connection.openDraftPull(task, pull)).toEqual({ type });
  });

  test("that GitHub takes for wrong", async () => {
    const connection = await github.connectInstalled();
    github.answers(SEARCH, []);
    github.refuses(`POST ${PULLS}`, 422, { message: "Validation Failed: head invalid" });

    const opened = connection.openDraftPull(task, pull);
    await expect(opened).rejects.toMatchObject({ status: 422 });
  });

  test("that the App may not open", async () => {
    const connection = await github.connectInstalled();
    github.answers(SEARCH, []);
    github.refuses(`POST ${PULLS}`, 403, { message: "Resource not accessible by integration" });
    github.answers("GET /app", ownApp({ pull_requests: "read" }));
    const permissions = { pull_requests: "read" } as const;
    github.answers("GET /app/installations/31", { ...installation(31), permissions });

    expect(await connection.openDraftPull(task, pull)).toMatchObject({
      type: "not_permitted",
      missing: { name: "pull_requests", level: "write", grantedBy: "app" },
    });
  });
});
