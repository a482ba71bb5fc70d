import { run } from "probot";

// Without credentials Probot serves its registration page, and nothing else.
await run(() => {});
