import { branchRules } from "./branch-rules.ts";
import { repositoryRules } from "./repository-rules.ts";
import { subjectOf, underRepository } from "./routes.ts";
import type { Part, Rule, Write } from "./rule.ts";
import { conversation } from "./rule.ts";
import type { Comment, Issue, Json, Label, Review } from "./shapes.ts";
import { trusted } from "./shapes.ts";
import type { State } from "./state.ts";

/** The requests that cause events, as far as the App subscribes to them. */
export const rules: readonly Rule[] = [
  { methods: ["POST"], pattern: underRepository("/(?:issues|pulls)"), parts: opened },
  {
    methods: ["PATCH"],
    pattern: underRepository(String.raw`/(?:issues|pulls)/(?<number>\d+)`),
    before: ({ place, state }) => state.issue(place),
    parts: changed,
  },
  {
    methods: ["POST", "PUT", "DELETE"],
    pattern: underRepository(String.raw`/issues/(?<number>\d+)/labels(?:/[^/]+)?`),
    before: ({ place, state }) => state.labels(place),
    parts: labelled,
  },
  {
    methods: ["POST"],
    pattern: underRepository(String.raw`/(?:issues|pulls)/(?<number>\d+)/comments`),
    parts: ({ after, state }) => commented("created", trusted(after), state, {}),
  },
  {
    methods: ["PATCH"],
    pattern: underRepository(String.raw`/(?:issues|pulls)/comments/\d+`),
    before: ({ ask, state }) => state.comment(ask.path),
    parts: ({ before, after, state }) => {
      const changes = { body: { from: trusted<Comment>(before).body } };
      return commented("edited", trusted(after), state, { changes });
    },
  },
  {
    methods: ["DELETE"],
    pattern: underRepository(String.raw`/(?:issues|pulls)/comments/\d+`),
    before: ({ ask, state }) => state.comment(ask.path),
    parts: ({ before, state }) => commented("deleted", trusted(before), state, {}),
  },
  {
    methods: ["POST"],
    pattern: underRepository(String.raw`/pulls/(?<number>\d+)/reviews`),
    parts: reviewed,
  },
  {
    methods: ["PUT", "DELETE"],
    pattern: underRepository(String.raw`/issues/(?<number>\d+)/lock`),
    parts: async ({ ask, place, state }) => {
      return [await conversation(state, place, ask.method === "PUT" ? "locked" : "unlocked", {})];
    },
  },
  {
    methods: ["PUT"],
    pattern: underRepository(String.raw`/pulls/(?<number>\d+)/merge`),
    parts: async ({ place, state }) => [await conversation(state, place, "closed", {})],
  },
  ...branchRules,
  ...repositoryRules,
];

async function opened({ place, after, state }: Write): Promise<readonly Part[]> {
  const { number } = trusted<Issue>(after);
  return [await conversation(state, { ...place, number }, "opened", {})];
}

async function changed({ place, before, state }: Write): Promise<readonly Part[]> {
  const then = trusted<Issue>(before);
  const now = await state.issue(place);
  const changes: Json = {};
  for (const field of ["title", "body"]) {
    if (now?.[field] !== then[field]) changes[field] = { from: then[field] };
  }
  const edited = Object.keys(changes).length > 0;
  const parts = edited ? [await conversation(state, place, "edited", { changes })] : [];
  if (now === undefined || now.state === then.state) return parts;
  const action = now.state === "closed" ? "closed" : "reopened";
  return [...parts, await conversation(state, place, action, {})];
}

async function labelled({ place, before, state }: Write): Promise<readonly Part[]> {
  const then = trusted<readonly Label[]>(before);
  const now = await state.labels(place);
  const added = missing(now, then).map((label) => ["labeled", label] as const);
  const removed = missing(then, now).map((label) => ["unlabeled", label] as const);
  return Promise.all(
    [...removed, ...added].map(([action, label]) => conversation(state, place, action, { label })),
  );
}

function missing(labels: readonly Label[], from: readonly Label[]): readonly Label[] {
  const ids = new Set(from.map(({ id }) => id));
  return labels.filter(({ id }) => !ids.has(id));
}

const counts: Readonly<Record<string, 1 | -1>> = { created: 1, deleted: -1 };

async function commented(action: string, comment: Comment, state: State, more: Json) {
  const onLines = typeof comment["pull_request_url"] === "string";
  const url = comment[onLines ? "pull_request_url" : "issue_url"];
  const subject = subjectOf(String(url));
  if (subject === undefined) return [];
  const counted = onLines ? 0 : (counts[action] ?? 0);
  state.notes.touch(subject, counted);
  if (onLines) {
    const about = { comment, pull_request: await state.pull(subject), ...more };
    return [{ event: "pull_request_review_comment", action, about }];
  }
  const about = { issue: await state.issue(subject), comment, ...more };
  return [{ event: "issue_comment", action, about }];
}

async function reviewed({ place, after, state }: Write): Promise<readonly Part[]> {
  const review = trusted<Review>(after);
  if (review.state === "PENDING") return [];
  state.notes.touch(place, 0);
  // A webhook has the state in lower case and no body as null, unlike the REST API.
  const sent = { ...review, state: review.state.toLowerCase(), body: review.body || null };
  const about = { review: sent, pull_request: await state.pull(place) };
  return [{ event: "pull_request_review", action: "submitted", about }];
}
