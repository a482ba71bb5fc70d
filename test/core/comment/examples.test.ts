import { expect, test } from "vitest";
import { EXAMPLES } from "./examples.ts";

test.each(EXAMPLES)("$name", ({ markdown }) => {
  expect(markdown).toMatchSnapshot();
});
