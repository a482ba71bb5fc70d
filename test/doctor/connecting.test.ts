import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { expect, test } from "vitest";
import { app } from "../../sandbox/github/seed.ts";
import { judgeClientId } from "../../src/doctor/connecting.ts";
import { openFromOutside } from "../../src/doctor/store.ts";
import { openStore, temporaryDirectory } from "../store/opened.ts";
import { about, HELLO, usePractice, WELL_STORED } from "./practice.ts";

const practice = usePractice();
const SECRET = "5ecret0fTheApp5ecret0fTheApp";

const CONNECTING = {
  GITHUB_CLIENT_ID: app.client_id,
  GITHUB_CLIENT_SECRET: SECRET,
  PUBLIC_URL: "https://bot.example.com",
  ENCRYPTION_KEYS: randomBytes(32).toString("base64"),
};

const CONNECTED = { connected: 12, ended: 2 };

async function examined(
  variables: Readonly<Record<string, string>>,
  parts: Parameters<typeof practice.examine>[1] = {},
) {
  const findings = await practice.examine(HELLO, { variables, ...parts });
  expect(JSON.stringify(findings)).not.toContain(SECRET);
  const all = ["connecting", "callback URL", "Copilot account sharing", "connected people"];
  return all.map((what) => about(what, findings, practice)).join("\n");
}

test("people's own Copilot, beside an account of the bot's", async () => {
  const store = { ...WELL_STORED, connections: () => Promise.resolve(CONNECTED) };
  const found = await examined(CONNECTING, { store, audience: "thread" });
  expect(found).toMatchInlineSnapshot(`
    "ok connecting: GITHUB_CLIENT_ID is the App's.
    ok callback URL: GitHub's API doesn't report it. Check that \`https://bot.example.com/oauth/callback\` is one of the App's callback URLs in its settings (https://GITHUB/settings/apps/copilot-task-bot).
    ok Copilot account sharing: Sessions use the Copilot of whoever asks. Where a policy says \`identity: bot\`, they're charged to \`octocat\` instead. Whoever starts such a session can have it read every repository that \`octocat\` sees, and only \`octocat\` can open its link.
    ok connected people: 12. 2 more must connect again."
  `);
});

test("only the bot's account", async () => {
  expect(await examined({})).toMatchInlineSnapshot(`
    "

    ok Copilot account sharing: All sessions are charged to \`octocat\`. Whoever starts a session can have it read every repository that \`octocat\` sees, and only \`octocat\` can open its link.
    "
  `);
});

test("the client ID of another App, and an OAuth App", async () => {
  const others = { GITHUB_CLIENT_ID: "Iv23liOther", COPILOT_GITHUB_TOKEN: "" };
  const oauthApp = { OAUTH_APP_CLIENT_ID: "Ov23liOther", OAUTH_APP_CLIENT_SECRET: "0ther5ecret" };
  expect(await examined({ ...CONNECTING, ...others, ...oauthApp })).toMatchInlineSnapshot(`
    "failed connecting: GITHUB_CLIENT_ID isn't the App's client ID, which is \`Iv23liCopilotTaskBot\`.
      Set GITHUB_CLIENT_ID to the “Client ID” in the App's settings (https://GITHUB/settings/apps/copilot-task-bot), and GITHUB_CLIENT_SECRET to a client secret generated there.
    ok callback URL: GitHub's API doesn't report it. Check that \`https://bot.example.com/oauth/callback\` is the authorization callback URL of the OAuth App (OAUTH_APP_CLIENT_ID).

    ok connected people: None yet."
  `);
});

test("a GitHub that doesn't report the client ID", () => {
  const connecting = { clientId: "Iv1" };
  const places = { settings: " (https://ghe.example.com/settings/apps/bot)", permissions: "" };
  expect(judgeClientId(connecting, { clientId: null }, places)).toMatchInlineSnapshot(`
    {
      "cure": null,
      "found": "GitHub doesn't report the App's client ID. Check that GITHUB_CLIENT_ID is the one in the App's settings (https://ghe.example.com/settings/apps/bot).",
      "level": "ok",
      "what": "connecting",
    }
  `);
});

test("people are counted from outside, also before the bot has made its database", async () => {
  const directory = temporaryDirectory();
  const store = openFromOutside(undefined, directory);
  expect(await store.connections()).toEqual({ connected: 0, ended: 0 });
  const { connectionRows } = await openStore(join(directory, "tasks.db"));
  const row = {
    login: "octocat",
    host: "github.com",
    kind: "app",
    rights: { plan: null, cloudSessions: null, remoteControl: null },
    sealed: { token: "sealed", refreshToken: null },
    connectedAt: "2026-11-30T06:00:00.000Z",
    expiresAt: null,
  } as const;
  for (const userId of [1, 2, 3]) await connectionRows.put({ ...row, userId });
  const ended = await connectionRows.find(2);
  if (ended !== null) await connectionRows.end(ended);
  expect(await store.connections()).toEqual({ connected: 2, ended: 1 });
  expect(await connectionRows.count()).toEqual({ connected: 2, ended: 1 });
});
