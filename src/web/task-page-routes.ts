import type { Context } from "hono";
import { Hono } from "hono";
import { steeringRights } from "../core/page/steering.ts";
import { qrCodeOf } from "../core/session/qr-code.ts";
import type { Pressed } from "../ports/page-commands.ts";
import type { SignedIn, SignedInForm } from "./guards.ts";
import type { PageParts } from "./options.ts";
import { isOwnRepository } from "./own-repositories.ts";
import type { Looking } from "./page-viewer.ts";
import { allowForms, pageViewer } from "./page-viewer.ts";
import { staleFormPage } from "./pages/problems.ts";
import { readCommand } from "./pages/task-command.ts";
import { qrPicture } from "./pages/task-facts.ts";
import { taskPage } from "./pages/task-page.ts";
import type { CommandResult } from "./pages/task-result.ts";
import { taskPath } from "./pages/task-row.ts";
import { oneQuery } from "./query.ts";
import type { ReadableTask } from "./readable-tasks.ts";
import { findReadableTask } from "./readable-tasks.ts";

/** The id of a command, as an address names it. */
const COMMAND_ID = /^[\w-]{1,64}$/u;

/** A task's page, and its buttons. */
export function taskPageRoutes(parts: PageParts): Hono {
  const { guards, hosts, lists, now, pageCommands, policies, random } = parts;

  /** What came of the command that led to the page. */
  async function resultOf(c: Context, { viewer }: SignedIn, { repository }: ReadableTask) {
    const commandId = oneQuery(c, "command") ?? "";
    if (!COMMAND_ID.test(commandId)) return null;
    const own = { commandId, personId: viewer.person.id, repositoryId: repository.id };
    const outcome = await pageCommands.outcomeOf(own);
    return outcome === null ? null : { outcome, isRepeated: oneQuery(c, "again") !== null };
  }

  async function draw(
    c: Context,
    who: Looking,
    { task, repository }: ReadableTask,
    result: CommandResult | null,
  ) {
    allowForms(c);
    const [top, steps, commands, policy, isRepositoryLinked] = await Promise.all([
      pageViewer(who),
      lists.audit(task.id),
      lists.commands(task.id),
      policies.of(repository, task.place.installationId),
      isOwnRepository(who.viewer, repository),
    ]);
    const code = qrCodeOf(task, hosts);
    const { id, login } = who.viewer.person;
    const { role } = repository;
    const rights = steeringRights(task, { login, role }, policy?.reading ?? { type: "unknown" });
    const viewer = { ...top, id, role, ...rights };
    return taskPage({
      viewer,
      hosts,
      task,
      now: now(),
      steps,
      commands,
      qr: code === null ? null : qrPicture(`${code.path}.svg`),
      key: random(),
      result,
      isRepositoryLinked,
      events: `${taskPath(task.id)}/events`,
    });
  }

  async function show(c: Context, who: SignedIn): Promise<Response> {
    const readable = await findReadableTask(lists, who.viewer, c.req.param("id") ?? "");
    if (readable === null) return c.notFound();
    return c.html(await draw(c, who, readable, await resultOf(c, who, readable)));
  }

  async function press(c: Context, { viewer, form }: SignedInForm): Promise<Response> {
    const readable = await findReadableTask(lists, viewer, c.req.param("id") ?? "");
    if (readable === null) return c.notFound();
    const { task } = readable;
    const sent = readCommand((name) => form.field(name), task.session.progress.asking);
    const pressed = await pageCommands.press({ ...sent, taskId: task.id, person: viewer.person });
    const who = { viewer, formToken: form.visit.formToken };
    return answer(c, pressed, task.id, async (result) => draw(c, who, readable, result));
  }

  return new Hono()
    .get("/tasks/:id", guards.signedIn(show))
    .post("/tasks/:id/commands", guards.signedInForm(press));
}

function answer(
  c: Context,
  pressed: Pressed,
  taskId: string,
  draw: (result: CommandResult) => ReturnType<typeof taskPage> | Promise<string>,
): Response | Promise<Response> {
  const shown = async (outcome: CommandResult["outcome"], status: 422 | 429) =>
    c.html(await draw({ outcome, isRepeated: false }), status);
  switch (pressed.type) {
    case "given": {
      const query = new URLSearchParams({ command: pressed.commandId });
      if (pressed.isRepeated) query.set("again", "1");
      // Loaded again, the page sends nothing again.
      return c.redirect(`${taskPath(taskId)}?${query.toString()}`, 303);
    }
    case "no_text":
      return shown({ type: "no_text" }, 422);
    case "too_long":
      return shown({ type: "too_long", most: pressed.most }, 422);
    case "too_many":
      return shown({ type: "too_many" }, 429);
    case "no_task":
      return c.notFound();
    case "malformed":
      return c.html(staleFormPage(c.req.path), 400);
    default:
      return pressed satisfies never;
  }
}
