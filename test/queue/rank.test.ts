import { expect, test } from "vitest";
import { createRanking } from "../../src/queue/rank.ts";

function ranking() {
  let at = 0;
  const rankOf = createRanking(() => at);
  return {
    ask: (ownerId: number, requesterId: number) => rankOf({ ownerId, requesterId }),
    after: (ms: number) => {
      at += ms;
    },
  };
}

test("the first request ranks first; each further one ranks behind everybody's first", () => {
  const { ask } = ranking();
  const flood = Array.from({ length: 40 }, () => ask(1, 1));
  expect(flood.slice(0, 4)).toEqual([0, 5, 10, 15]);
  expect(ask(1, 2)).toBe(20);
  expect(ask(2, 3)).toBe(0);
  expect(flood.filter((rank) => rank <= 20)).toHaveLength(5);
});

test("requests are forgotten", () => {
  const { ask, after } = ranking();
  for (let count = 0; count < 4; count += 1) ask(1, 1);
  after(1_000);
  expect(ask(1, 1)).toBe(10);
  after(61_000);
  expect(ask(1, 1)).toBe(0);
});
