import { expect, test } from "vitest";
import { taskIdOf } from "../../src/store/task-id.ts";

test.each([
  ["72d3162e-cc78-11e3-81ab-4c9367dc0958", "72d3162e-cc78-11e3-81ab-4c9367dc0958"],
  ["72D3162E-CC78-11E3-81AB-4C9367DC0958", "72d3162e-cc78-11e3-81ab-4c9367dc0958"],
  // The SHA-256 of the text, with the version and the variant of a UUID in their places.
  ["delivery-1", "0b220df1-9691-8513-8ffe-bb337981298d"],
  ["delivery-2", "99f093fb-e4fe-816a-8e40-3c361c7c39e9"],
  ["72d3162e-cc78-11e3-81ab-4c9367dc0958-again", "daa4173b-5179-8f84-82db-b0f0a9a50089"],
])("the delivery %s is the task %s", (deliveryId, taskId) => {
  expect(taskIdOf(deliveryId)).toBe(taskId);
});
