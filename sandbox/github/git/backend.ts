import { spawn } from "node:child_process";
import type { IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import type { Answer } from "../shapes.ts";
import { gitEnvironment } from "./git.ts";

interface BackendRequest {
  /** The directory that the path is below. */
  readonly root: string;
  readonly path: string;
  readonly query: string;
  /** Who asks; those who may not push don't get here. */
  readonly user: string;
}

/** Has Git's own server for HTTP answer a request: `git http-backend`, which is a CGI program. */
export async function askBackend(
  message: IncomingMessage,
  { root, path, query, user }: BackendRequest,
): Promise<Answer> {
  const { headers, method = "GET" } = message;
  const protocol = headers["git-protocol"];
  const env = gitEnvironment({
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: "1",
    GATEWAY_INTERFACE: "CGI/1.1",
    REQUEST_METHOD: method,
    PATH_INFO: path,
    QUERY_STRING: query.replace(/^\?/u, ""),
    CONTENT_TYPE: headers["content-type"] ?? "",
    CONTENT_LENGTH: headers["content-length"] ?? "",
    HTTP_CONTENT_ENCODING: headers["content-encoding"] ?? "",
    REMOTE_USER: user,
    REMOTE_ADDR: "127.0.0.1",
    ...(typeof protocol === "string" ? { GIT_PROTOCOL: protocol } : {}),
  });
  const child = spawn("git", ["http-backend"], { env, stdio: ["pipe", "pipe", "ignore"] });
  const failed = new Promise<never>((_, reject) => child.once("error", reject));
  // Git needn't read all of a request that it refuses.
  child.stdin.once("error", () => message.unpipe(child.stdin));
  // Who goes away in the middle leaves Git with half a request, which it refuses.
  message.once("close", () => child.stdin.end());
  message.pipe(child.stdin);
  return answerOf(await Promise.race([buffer(child.stdout), failed]));
}

/** What a CGI program prints as an answer. */
function answerOf(output: Buffer): Answer {
  const end = output.indexOf("\r\n\r\n");
  if (end === -1) return { status: 500, headers: {}, body: Buffer.from("Git said nothing\n") };
  const lines = output.toString("latin1", 0, end).split("\r\n");
  const fields = lines.map((line): [string, string] => {
    const [name = "", ...value] = line.split(": ");
    return [name.toLowerCase(), value.join(": ")];
  });
  const { status = "200", ...headers } = Object.fromEntries(fields);
  return { status: Number.parseInt(status, 10), headers, body: output.subarray(end + 4) };
}
