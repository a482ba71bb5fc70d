import { expect, test } from "vitest";
import { createRepositoryLabels } from "../../src/github/labels.ts";
import { httpError } from "../../src/github/trouble.ts";
import { ViewingTrouble } from "../../src/ports/viewing.ts";

const HELLO = { owner: "octo-org", name: "hello" };
const LABEL = { name: "copilot:fix", description: "Lets Copilot fix it" };

/** Labels through an App to which GitHub gives no token. */
function labelsWithout(error: Error) {
  return createRepositoryLabels({
    async octokitFor() {
      throw error;
    },
  });
}

test.each([
  [403, "This installation has been suspended"],
  [404, "Not Found"],
])("labels aren't visible to an App that gets no token (%i %s)", async (status, message) => {
  const labels = labelsWithout(httpError(status, message));
  expect(await labels.names(HELLO, 31)).toBeNull();
  expect(await labels.create(HELLO, 31, LABEL)).toBe("refused");
});

test("labels have to be asked for again when GitHub doesn't answer about a token", async () => {
  const labels = labelsWithout(httpError(502, "Bad Gateway"));
  await expect(labels.names(HELLO, 31)).rejects.toThrow(ViewingTrouble);
  await expect(labels.create(HELLO, 31, LABEL)).rejects.toThrow(ViewingTrouble);
});
