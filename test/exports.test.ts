import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const EXPORT =
  /^export (?:async )?(?:function\*?|const|let|class|interface|type|enum) (?<name>\w+)/gmu;

test("no two exports of src have the same name", () => {
  const places = readdirSync("src", { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .flatMap((path) =>
      [...readFileSync(`src/${path}`, "utf8").matchAll(EXPORT)].map(({ groups }) => {
        return { name: groups?.["name"] ?? "", path };
      }),
    );
  expect(places.length).toBeGreaterThan(500);
  // An overloaded function is exported several times from one file.
  const filesOf = Map.groupBy(places, ({ name }) => name);
  const shared = [...filesOf].filter(([, all]) => new Set(all.map(({ path }) => path)).size > 1);
  expect(shared).toEqual([]);
});
