import { describe, expect, test } from "vitest";
import { isNamedIn } from "../../src/config/admins.ts";
import { readEnvironment, WrongEnvironment } from "../../src/config/environment.ts";
import { REQUIRED } from "./required.ts";

/** Which of some accounts are named: octocat, with another login later, and two that took over what looks alike. */
function named(people: readonly string[]): readonly boolean[] {
  return [
    { id: 583_231, login: "Octocat" },
    { id: 583_231, login: "renamed" },
    { id: 7, login: "octocat" },
    { id: 7, login: "583231" },
  ].map((person) => isNamedIn(people, person));
}

describe("ADMINS", () => {
  test("are logins, in whatever case, with commas or spaces between them", () => {
    const { ADMINS } = readEnvironment({ ...REQUIRED, ADMINS: " Octocat, hubot,,mona_octo \n" });
    expect(ADMINS).toEqual(["octocat", "hubot", "mona_octo"]);
  });

  test("are ids, too, which no login can be taken for", () => {
    const { ADMINS } = readEnvironment({ ...REQUIRED, ADMINS: "583231,ID:583231" });
    expect(ADMINS).toEqual(["583231", "id:583231"]);
  });

  test("name whoever has the login or the id now", () => {
    expect(named(["octocat"])).toEqual([true, false, true, false]);
    expect(named(["id:583231"])).toEqual([true, true, false, false]);
    expect(named(["583231"])).toEqual([false, false, false, true]);
  });

  test.each(["", "  ", undefined])("are nobody when it's %j", (ADMINS) => {
    expect(readEnvironment({ ...REQUIRED, ADMINS }).ADMINS).toEqual([]);
  });

  test.each([
    "@octocat",
    "octo-org/admins",
    "octocat;hubot",
    "dependabot[bot]",
    "a@example.com",
    "id:octocat",
    "id:0",
  ])("%j stops the bot with a sentence that says what to write", (ADMINS) => {
    const read = () => readEnvironment({ ...REQUIRED, ADMINS });
    expect(read).toThrow(WrongEnvironment);
    expect(read).toThrow(
      "\n  ADMINS must be people on GitHub, separated by commas: logins without @, or ids, like octocat,id:583231.\n",
    );
    expect(read).not.toThrow(ADMINS);
  });
});
