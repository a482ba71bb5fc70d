import { readdirSync } from "node:fs";
import { flushCompileCache } from "node:module";

// Loads all parts of the bot but the one that starts it, so that Node keeps in NODE_COMPILE_CACHE what it has
// compiled of them. The image is built with it, and every start is quicker for that.
const dist = new URL("../dist/", import.meta.url);
const parts = readdirSync(dist).filter((file) => file.endsWith(".js") && file !== "main.js");
await Promise.all(parts.map((file) => import(new URL(file, dist).href)));
flushCompileCache();
