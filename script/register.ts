import { run } from "probot";

// Without credentials Probot serves its registration page, and nothing else. It shows secrets, so it is
// for this machine alone, whatever .env says of the bot's own address.
await run(() => {}, { env: { ...process.env, HOST: "127.0.0.1", PORT: "3000" } });
