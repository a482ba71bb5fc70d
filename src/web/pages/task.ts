import { html } from "hono/html";
import type { Person } from "../../core/identity/connection.ts";
import type { WaitingTask } from "../../ports/waiting-people.ts";
import type { Html } from "./document.ts";
import { notice } from "./layout.ts";

/** The task starts: its requester has connected. */
export function continuedPage({ subject, url }: WaitingTask): Html {
  return notice(
    "Your task continues",
    html`Your Copilot is connected, and your task in <strong>${subject}</strong> continues now. You
      can close this page.`,
    { text: `Go to ${subject}`, url },
  );
}

/** The task doesn't wait for its requester. */
export function notWaitingPage({ subject, url }: WaitingTask): Html {
  return notice(
    "This task is no longer waiting",
    html`Your task in <strong>${subject}</strong> isn't waiting for you to connect. Its comment says
      what happened.`,
    { text: `Go to ${subject}`, url },
  );
}

/** The task still waits, because its requester isn't connected. */
export function stillWaitingPage({ id, subject }: WaitingTask): Html {
  return notice(
    "This task is waiting for you",
    html`Your task in <strong>${subject}</strong> starts when you connect your Copilot.`,
    { text: "Connect with GitHub", url: connectUrl(id) },
  );
}

/** Somebody else requested the task. It says nothing about the task but who did. */
export function otherAccountPage({ id, requesterLogin }: WaitingTask, person: Person): Html {
  return notice(
    "Another account is needed",
    html`This task was requested by <strong>@${requesterLogin}</strong>. You're signed in as
      <strong>@${person.login}</strong>. Sign in to GitHub as @${requesterLogin}, then open the link
      again.`,
    { text: `Sign in as @${requesterLogin}`, url: connectUrl(id) },
  );
}

/** No such task, or nothing that could be one. */
export function unknownTaskPage(): Html {
  return notice(
    "No such task",
    "This link doesn't lead to a task. It may be incomplete, or the task may have been deleted.",
    { text: "Connect your Copilot", url: "/connect" },
  );
}

/** It takes a sign-in to see what became of a task. */
export function signInForTaskPage(taskId: string): Html {
  return notice("Sign in to see this task", "Your sign-in has expired.", {
    text: "Sign in with GitHub",
    url: connectUrl(taskId),
  });
}

function connectUrl(taskId: string): string {
  return `/connect?task=${encodeURIComponent(taskId)}`;
}
