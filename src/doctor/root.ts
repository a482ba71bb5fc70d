import { findPackageJSON } from "node:module";
import { pathToFileURL } from "node:url";

const PACKAGE = findPackageJSON(import.meta.url);
if (PACKAGE === undefined) throw new Error("package.json is missing");

/** The directory of package.json and app.yml, whether this runs from src/ or from dist/. */
export const ROOT = new URL("./", pathToFileURL(PACKAGE));
