import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { z } from "zod";
import { answerSchema } from "./behavior.ts";
import { giveAnswer, sendBody, sendNotFound, type RecordedRequest } from "./wire.ts";

const text = z.string().max(10_000);

const turnSchema = z
  .strictObject({
    /** Only when the last tool's result has this text. */
    ifResult: text,
    says: text,
    calls: z.array(z.strictObject({ tool: text, arguments: z.record(z.string(), z.json()) })),
    /** Instead of what the model says: a refusal, a lost connection. */
    answer: answerSchema,
  })
  .partial();

/** The body of `POST /sandbox/plays`. */
export const playSchema = z.strictObject({
  /** A part of the message that begins the conversation. */
  prompt: text,
  /** One turn after the other; of several alternatives, the first that fits. Behind the last, the model says "Done." */
  turns: z.array(z.union([turnSchema, z.array(turnSchema)])).max(1_000),
});

/** What the model says in the conversations that begin with a prompt. */
export type Play = z.infer<typeof playSchema>;

/** The models of the fake Copilot API, which play what they're given. */
export interface Model {
  /** What's played first counts. Throws a ZodError when the play says what is not known. */
  readonly play: (play: Play) => void;
  /** Answers a request to the Copilot API; false for one to something else. */
  readonly handle: (
    request: RecordedRequest,
    pathname: string,
    response: ServerResponse,
  ) => Promise<boolean>;
}

/** Begins with nothing to play: the model says "Done." to everything. */
export function createModel(): Model {
  const plays: Play[] = [];
  return {
    play: (play) => void plays.unshift(playSchema.parse(play)),
    async handle(request, pathname, response) {
      const route = `${request.method} ${pathname}`;
      if (route === "GET /models") sendBody(response, 200, { data: NAMES.map(modelBody) });
      else if (route === "POST /models/session") sendBody(response, 200, modelSession());
      // The runtime goes on without it.
      else if (route === "POST /models/session/intent") sendNotFound(response);
      else if (route === "POST /chat/completions") await complete(plays, request, response);
      else return false;
      return true;
    },
  };
}

/** The runtime gives the first one tools to edit files, the second one a tool for patches. 1.0.102 prefers the second. */
const NAMES = ["claude-sonnet-4.5", "gpt-5.4"];

function modelBody(id: string) {
  return {
    id,
    name: id,
    object: "model",
    vendor: "Azure OpenAI",
    version: id,
    preview: false,
    model_picker_enabled: true,
    is_chat_default: id === NAMES[0],
    is_chat_fallback: id === NAMES[0],
    policy: { state: "enabled" },
    billing: { is_premium: true, multiplier: 1 },
    supported_endpoints: ["/chat/completions"],
    capabilities: {
      family: id,
      object: "model_capabilities",
      type: "chat",
      tokenizer: "o200k_base",
      limits: {
        max_context_window_tokens: 128_000,
        max_output_tokens: 16_384,
        max_prompt_tokens: 128_000,
      },
      supports: {
        streaming: true,
        tool_calls: true,
        parallel_tool_calls: true,
        reasoning_effort: ["low", "medium", "high"],
      },
    },
  };
}

function modelSession() {
  return {
    available_models: NAMES,
    selected_model: NAMES[0],
    session_token: randomUUID(),
    expires_at: Math.floor(Date.now() / 1_000) + 3_600,
    discounted_costs: {},
  };
}

const content = z
  .union([
    z.string(),
    z
      .array(z.looseObject({ text: z.string().default("") }))
      .transform((parts) => parts.map((part) => part.text).join("\n")),
  ])
  .nullable()
  .default("");
const completionBody = z.looseObject({
  model: z.string(),
  stream: z.boolean().default(false),
  messages: z.array(z.looseObject({ role: z.string(), content })),
});

type Conversation = z.infer<typeof completionBody>;

async function complete(
  plays: readonly Play[],
  { body }: RecordedRequest,
  response: ServerResponse,
): Promise<void> {
  const conversation = completionBody.parse(body);
  const turn = turnOf(plays, conversation.messages);
  if (turn.answer !== undefined || !conversation.stream) {
    await giveAnswer(response, turn.answer, () => ({
      status: 200,
      body: completion(conversation.model, "message", turn),
    }));
    return;
  }
  response.writeHead(200, {
    "content-type": "text/event-stream",
    "x-github-request-id": randomUUID(),
  });
  const chunk = completion(conversation.model, "delta", turn);
  response.end(`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`);
}

/** How often the model has spoken in a conversation says whose turn it is, whatever became of the runtime meanwhile. */
function turnOf(plays: readonly Play[], messages: Conversation["messages"]) {
  const first = messages.find(({ role }) => role === "user")?.content ?? "";
  const play = plays.find(({ prompt }) => first.includes(prompt));
  const count = messages.filter(({ role }) => role === "assistant").length;
  const last = messages.at(-1);
  const result = last?.role === "tool" ? (last.content ?? "") : "";
  const turn = play?.turns[count] ?? { says: "Done." };
  const alternatives = Array.isArray(turn) ? turn : [turn];
  const fitting = alternatives.find(({ ifResult = "" }) => result.includes(ifResult));
  return fitting ?? { says: `Nothing fits the result: ${result}` };
}

const USAGE = { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 };

function completion(
  model: string,
  form: "message" | "delta",
  { says, calls = [] }: z.infer<typeof turnSchema>,
) {
  const tool_calls = calls.map((call, index) => ({
    index,
    id: `call-${randomUUID()}`,
    type: "function",
    function: { name: call.tool, arguments: JSON.stringify(call.arguments) },
  }));
  const said = { role: "assistant", content: says ?? null };
  const whole = tool_calls.length === 0 ? said : { ...said, tool_calls };
  const finish_reason = tool_calls.length === 0 ? "stop" : "tool_calls";
  return {
    id: randomUUID(),
    object: form === "delta" ? "chat.completion.chunk" : "chat.completion",
    created: Math.floor(Date.now() / 1_000),
    model,
    choices: [{ index: 0, finish_reason, [form]: whole }],
    usage: USAGE,
  };
}
