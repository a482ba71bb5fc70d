import { flushCompileCache } from "node:module";

// Loads all modules of the bot, so that Node keeps in NODE_COMPILE_CACHE what it has compiled of them.
// The image is built with it, and every start is quicker for that.
await Promise.all([
  import("../src/app.ts"),
  import("../src/app-runner.ts"),
  import("../src/core/parse-command.ts"),
  import("../src/shared-storage.ts"),
  import("../src/doctor.ts"),
]);
flushCompileCache();
