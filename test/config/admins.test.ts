import { describe, expect, test } from "vitest";
import { readEnvironment, WrongEnvironment } from "../../src/config/environment.ts";
import { REQUIRED } from "./required.ts";

describe("ADMINS", () => {
  test("are logins, in whatever case, with commas or spaces between them", () => {
    const { ADMINS } = readEnvironment({ ...REQUIRED, ADMINS: " Octocat, hubot,,mona_octo \n" });
    expect(ADMINS).toEqual(["octocat", "hubot", "mona_octo"]);
  });

  test.each(["", "  ", undefined])("are nobody when it's %j", (ADMINS) => {
    expect(readEnvironment({ ...REQUIRED, ADMINS }).ADMINS).toEqual([]);
  });

  test.each(["@octocat", "octo-org/admins", "octocat;hubot", "dependabot[bot]", "a@example.com"])(
    "%j stops the bot with a sentence that says what to write",
    (ADMINS) => {
      const read = () => readEnvironment({ ...REQUIRED, ADMINS });
      expect(read).toThrow(WrongEnvironment);
      expect(read).toThrow(
        "\n  ADMINS must be logins of people on GitHub, without @, separated by commas, like octocat,hubot.\n",
      );
      expect(read).not.toThrow(ADMINS);
    },
  );
});
