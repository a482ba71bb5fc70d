import { afterEach, describe, expect, test } from "vitest";
import { judgeHook } from "../../src/doctor/webhook.ts";
import { HELLO, HOOK_URL, about, usePractice } from "./practice.ts";

const practice = usePractice();
const DELIVERIES = { method: "GET", path: "/app/hook/deliveries" };

afterEach(() => {
  Object.assign(practice.github.app.hook, { url: HOOK_URL, contentType: "json", insecureSsl: "0" });
});

/** An attempt as GitHub lists it. */
function attempt(status_code: number, changes: object = {}) {
  return {
    id: 1,
    guid: crypto.randomUUID(),
    delivered_at: "2026-11-20T12:34:56Z",
    redelivery: false,
    duration: 0.1,
    status: "OK",
    status_code,
    event: "issues",
    action: "labeled",
    installation_id: 1,
    repository_id: 1,
    ...changes,
  };
}

describe("settings", () => {
  test("everything that can be wrong", async () => {
    Object.assign(practice.github.app.hook, {
      url: "http://bot.example.com/hook?key=1",
      contentType: "form",
      insecureSsl: "1",
    });
    const findings = await practice.examine(null);

    expect(about("webhook settings", findings, practice)).toMatchInlineSnapshot(`
      "failed webhook settings: The URL doesn't begin with \`https://\`, so webhooks aren't encrypted. The URL doesn't end with \`/api/github/webhooks\`, where the bot listens. The content type is \`form\`, which the bot refuses with 415. GitHub doesn't verify the certificate of the bot's address.
        In the App's settings (https://GITHUB/settings/apps/copilot-task-bot), set the webhook URL to the bot's address, like \`https://bot.example.com/api/github/webhooks\`; choose the content type \`application/json\`; enable SSL verification."
    `);
  });

  test("a secret that can be guessed, which a thread doesn't show", async () => {
    const variables = { ...practice.variables, WEBHOOK_SECRET: "fifteen-letters" };
    const findings = await practice.examine(null, { variables });

    expect(about("webhook secret", findings, practice)).toMatchInlineSnapshot(`
      "warning webhook secret: WEBHOOK_SECRET is shorter than 16 characters, so it can be guessed.
        Generate another one with \`openssl rand -hex 32\`. Set it in WEBHOOK_SECRET and as the “Webhook secret” in the App's settings (https://GITHUB/settings/apps/copilot-task-bot)."
    `);
    const inThread = await practice.examine(HELLO, { variables, audience: "thread" });
    expect(about("webhook secret", inThread, practice)).toBe("");
    expect(about("webhook secret", await practice.examine(null), practice)).toBe("");
  });

  test("an address that is not encrypted, in a thread", async () => {
    practice.github.app.hook.url = "http://bot.example.com/api/github/webhooks";
    const findings = await practice.examine(HELLO, { audience: "thread" });

    expect(about("webhook settings", findings, practice)).toMatchInlineSnapshot(`
      "warning webhook settings: The URL doesn't begin with \`https://\`, so webhooks aren't encrypted.
        In the App's settings (https://GITHUB/settings/apps/copilot-task-bot), set the webhook URL to the bot's address, like \`https://bot.example.com/api/github/webhooks\`."
    `);
  });

  test("an address on the machine itself is for a GitHub on that machine alone", () => {
    const hook = { url: "http://127.0.0.1:3000/api/github/webhooks", contentType: "json" };
    const judge = (github: string, audience: "administrator" | "thread") => {
      const around = { places: { settings: "", permissions: "" }, audience, github };
      return judgeHook({ ...hook, hasSecret: true, verifiesCertificates: true }, around);
    };
    const rest = "JSON, with a secret and certificate verification.";
    expect(judge("http://localhost:4000", "administrator")).toMatchObject({
      level: "ok",
      found: `\`${hook.url}\`, ${rest}`,
    });
    expect(judge("http://[::1]:4000", "thread").found).toBe(`http on one machine, ${rest}`);
    expect(judge("https://github.com", "administrator")).toMatchObject({
      level: "failed",
      found: "The URL leads to the machine that opens it, so GitHub can't reach the bot.",
    });
  });

  test("no address, and no secret", async () => {
    const body = { content_type: "json", insecure_ssl: "0" };
    practice.github.failNext({ method: "GET", path: "/app/hook/config" }, { status: 200, body });
    const findings = await practice.examine(null);

    expect(about("webhook settings", findings, practice)).toMatchInlineSnapshot(`
      "failed webhook settings: The webhook has no URL. The webhook has no secret. GitHub doesn't sign anything, so the bot refuses everything.
        In the App's settings (https://GITHUB/settings/apps/copilot-task-bot), set the webhook URL to the bot's address, like \`https://bot.example.com/api/github/webhooks\`; set the webhook secret to the bot's WEBHOOK_SECRET."
    `);
  });
});

describe("deliveries", () => {
  test("all arrived", async () => {
    const body = [attempt(202), attempt(202)];
    practice.github.failNext(DELIVERIES, { status: 200, body });
    const findings = await practice.examine(null);

    expect(about("webhook deliveries", findings, practice)).toMatchInlineSnapshot(
      `"ok webhook deliveries: The last 2 arrived."`,
    );
  });

  test("the newest of all failed", async () => {
    const newest = {
      delivered_at: "2026-11-21T01:02:03Z",
      event: "issue_comment",
      action: "created",
    };
    const body = [attempt(401, newest), attempt(503), attempt(401), attempt(0), attempt(202)];
    practice.github.failNext(DELIVERIES, { status: 200, body });
    const findings = await practice.examine(null);

    expect(about("webhook deliveries", findings, practice)).toMatchInlineSnapshot(`
      "failed webhook deliveries: 4 of the last 5 failed: 2 × 401, 1 × 503, 1 × no response; the newest on DATE TIME UTC (\`issue_comment.created\`).
        401: WEBHOOK_SECRET differs from the webhook secret in the App's settings (https://GITHUB/settings/apps/copilot-task-bot). Set both to the same. 503: the bot couldn't write to DATA_DIR; its log says why. No response: check that the bot is running, and that GitHub can reach the webhook URL in the App's settings."
    `);
  });

  test("since then others arrived", async () => {
    const body = [attempt(202), attempt(500, { action: null }), attempt(404), attempt(415)];
    practice.github.failNext(DELIVERIES, { status: 200, body });
    const findings = await practice.examine(null, { audience: "thread" });

    expect(about("webhook deliveries", findings, practice)).toMatchInlineSnapshot(`
      "warning webhook deliveries: 3 of the last 4 failed: 1 × 500, 1 × 404, 1 × 415; the newest on DATE TIME UTC (\`issues\`).
        500: check the log of the bot, and of any proxy in front of it, at that time. 404: change the webhook URL in the App's settings (https://GITHUB/settings/apps/copilot-task-bot) to one that ends with \`/api/github/webhooks\`. 415: choose the content type \`application/json\` in the App's settings."
    `);
  });

  test("what failed was repeated", async () => {
    const body = [attempt(202, { guid: "a", redelivery: true }), attempt(503, { guid: "a" })];
    practice.github.failNext(DELIVERIES, { status: 200, body });
    const findings = await practice.examine(null);

    expect(about("webhook deliveries", findings, practice)).toMatchInlineSnapshot(
      `"ok webhook deliveries: 1 of the last 2 failed: 1 × 503; the newest on DATE TIME UTC (\`issues.labeled\`). All arrived when GitHub redelivered them."`,
    );
  });

  test("none", async () => {
    const findings = await practice.examine(null);

    expect(about("webhook deliveries", findings, practice)).toMatchInlineSnapshot(`
      "warning webhook deliveries: GitHub recorded none in the last few days.
        If there was activity in your repositories, select “Active” under “Webhook” in the App's settings (https://GITHUB/settings/apps/copilot-task-bot)."
    `);
  });

  test("as the loopback GitHub lists them: nobody listens", async () => {
    await practice.github
      .as("writer")
      .openIssue({ owner: "octo-org", repo: "hello" }, { title: "A" });
    const findings = await practice.examine(null);

    expect(about("webhook deliveries", findings, practice)).toMatch(
      /^failed webhook deliveries: 1 of the last 1 failed: 1 × no response; the newest on/u,
    );
  });
});
