import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { ChunkingContext } from "rolldown";
import { defineConfig } from "rolldown";

const MAIN = fileURLToPath(new URL("src/main.ts", import.meta.url));
/** The programs of administrators, as one. */
const PROGRAM = fileURLToPath(new URL("script/copilot-task-bot.ts", import.meta.url));
/** What's loaded before the bot listens, apart from `src/main.ts` and what that one imports. */
const LISTENING = fileURLToPath(new URL("src/app/app.ts", import.meta.url));

/** Whether a module is loaded with another: imported by it, or by what it imports. */
function createReach(root: string): (module: string, context: ChunkingContext) => boolean {
  let reached: Set<string> | undefined;
  return (module, context) => {
    reached ??= reachedFrom(root, context);
    return reached.has(module);
  };
}

function reachedFrom(root: string, context: ChunkingContext): Set<string> {
  const reached = new Set([root]);
  // A set can grow while it's walked through.
  for (const module of reached) {
    for (const id of context.getModuleInfo(module)?.importedIds ?? []) reached.add(id);
  }
  return reached;
}

const isFirst = createReach(MAIN);
const isListening = createReach(LISTENING);

/**
 * The bot in a file for each part that is loaded at a time of its own: a start that finds and reads twenty files
 * takes half as long as one that reads five hundred (docs/performance.md). What's needed before it listens is in two
 * files, however many others share it. All of them lie beside each other in `dist/`, one directory below package.json,
 * as src/main.ts does.
 */
export default defineConfig({
  input: { main: MAIN, program: PROGRAM },
  platform: "node",
  // The runtime is a program of its own, which the SDK looks for among the packages. What would load it into this process
  // needs a native package, and isn't used.
  external: [/^node:/u, /^@github\/copilot(?:$|\/)/u, /\/ffiRuntimeHost\.js$/u],
  transform: { target: "node24" },
  output: {
    dir: "dist",
    format: "esm",
    sourcemap: true,
    // What does something when it's loaded is recognized by its name.
    chunkFileNames: ({ facadeModuleId }) =>
      dirname(facadeModuleId ?? "") === dirname(PROGRAM)
        ? "program.[name]-[hash].js"
        : "[name]-[hash].js",
    codeSplitting: {
      groups: [
        {
          name: (module, context) => (module !== MAIN && isFirst(module, context) ? "first" : null),
          debugName: "first",
        },
        {
          name: (module, context) => (isListening(module, context) ? "listening" : null),
          debugName: "listening",
        },
      ],
    },
  },
  // bottleneck can use Redis, hides that from bundlers, and is not asked to.
  checks: { eval: false },
});
