import { pino } from "pino";
import { Probot, Server } from "probot";
import { freePort } from "../../sandbox/free-port.ts";
import { WEBHOOK_EVENTS } from "../../src/core/webhook/read-webhook.ts";
import { converse } from "./conversation.ts";

// The floor of the webhooks: Probot's own server, with a handler that does nothing for the events that
// the bot takes, and a log line a request, as JSON, as it writes one by default in production.
const { APP_ID, PRIVATE_KEY, WEBHOOK_SECRET } = process.env;

// Probot takes the port 0 for none.
const port = await freePort();
const log = pino({ level: "info" });
const server = new Server({
  host: "127.0.0.1",
  port,
  log,
  Probot: Probot.defaults({
    appId: APP_ID ?? "",
    privateKey: PRIVATE_KEY ?? "",
    secret: WEBHOOK_SECRET ?? "",
    log,
  }),
});
await server.load((probot) => {
  for (const name of WEBHOOK_EVENTS) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Probot's list of names is a type only
    probot.on(name as "issues.labeled", () => {});
  }
});
await server.start();
converse(`http://127.0.0.1:${port}`);
