import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import { hello } from "../../sandbox/github/seed.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import type { InstallationOctokit } from "./installation.ts";
import { octokitOf } from "./installation.ts";

let github: LoopbackGitHub;
let app: InstallationOctokit;

beforeAll(async () => {
  github = await startGitHub();
  app = await octokitOf(github);
});

afterAll(() => github.close());

test("the App's settings are what app.yml asks for, and can be changed", async () => {
  const { data } = await app.rest.apps.getAuthenticated();
  expect(data).toMatchObject({
    id: github.appId,
    slug: "copilot-task-bot",
    owner: { login: "octocat" },
    permissions: { contents: "read", issues: "write" },
    events: expect.arrayContaining(["issues", "pull_request"]),
    external_url: "https://docs.github.com/copilot",
  });

  github.app.permissions = { metadata: "read" };
  github.app.events = ["issues"];
  const { data: changed } = await app.rest.apps.getAuthenticated();
  expect(changed).toMatchObject({ permissions: { metadata: "read" }, events: ["issues"] });
  expect(changed?.permissions).not.toHaveProperty("issues");
});

test("the hook's configuration, without the secret", async () => {
  const before = await app.rest.apps.getWebhookConfigForApp();
  expect(before.data).toEqual({ content_type: "json", insecure_ssl: "0", secret: "********" });
  github.deliverTo("http://127.0.0.1:9/api/github/webhooks");
  const { data } = await app.rest.apps.getWebhookConfigForApp();
  expect(data).toMatchObject({ url: "http://127.0.0.1:9/api/github/webhooks" });
  Object.assign(github.app.hook, { insecureSsl: "1", contentType: "form" });
  const { data: changed } = await app.rest.apps.getWebhookConfigForApp();
  expect(changed).toMatchObject({ insecure_ssl: "1", content_type: "form" });
});

test("the installation, found in each way", async () => {
  const { data } = await app.rest.apps.getRepoInstallation(hello);
  expect(data).toMatchObject({
    id: github.installationId,
    app_slug: "copilot-task-bot",
    account: { login: "octo-org", type: "Organization" },
    repository_selection: "all",
    suspended_at: null,
  });
  expect((await app.rest.apps.listInstallations()).data).toEqual([data]);
  const fork = { owner: "stranger", repo: "hello" };
  await expect(app.rest.apps.getRepoInstallation(fork)).rejects.toMatchObject({ status: 404 });
});

test("only the App can read its own settings, with a key that GitHub knows", async () => {
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "pkcs1", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  const message = expect.stringContaining("A JSON web token could not be decoded");
  const refused = { status: 401, message };
  const forger = await octokitOf({ ...github, privateKey });
  await expect(forger.rest.apps.getAuthenticated()).rejects.toMatchObject(refused);
  const other = await octokitOf({ ...github, appId: 7 });
  await expect(other.rest.apps.getAuthenticated()).rejects.toMatchObject({ status: 404 });
  const headers = { authorization: `Bearer ${github.as("octocat").token}` };
  const answer = await fetch(`http://${github.host}/api/v3/app`, { headers });
  expect(answer.status).toBe(401);
});

test.each([600_000, -600_000])(
  "a clock that is %i ms ahead is reported and corrected",
  async (ms) => {
    github.clockOffsetMs = ms;
    const before = github.requests.length;
    // GitHub's times are in seconds.
    const from = Date.now() + ms - 1_000;
    const { headers } = await app.rest.apps.getAuthenticated();
    const date = Date.parse(String(headers.date));
    expect(date).toBeGreaterThan(from);
    expect(date).toBeLessThanOrEqual(Date.now() + ms);
    expect(github.requests.slice(before).map(({ status }) => status)).toEqual([401, 200]);
    const installation_id = github.installationId;
    const { data } = await app.rest.apps.createInstallationAccessToken({ installation_id });
    const givenAt = Date.parse(data.expires_at) - 3_600_000;
    expect(givenAt).toBeGreaterThan(from);
    expect(givenAt).toBeLessThanOrEqual(Date.now() + ms);
    github.clockOffsetMs = 0;
  },
);
