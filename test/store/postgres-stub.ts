import type { Socket } from "node:net";
import { createServer } from "node:net";
import { TLSSocket } from "node:tls";
import { onTestFinished } from "vitest";

/** https://www.postgresql.org/docs/current/protocol-message-formats.html, SSLRequest. */
const SSL_REQUEST = 80_877_103;

/** How a server that speaks PostgreSQL's protocol, as far as the first refusal, behaves. */
interface Behavior {
  /** What it answers to the first message: SQLSTATE and message of its ErrorResponse. */
  readonly refusal?: readonly [code: string, message: string];
  /** With which it answers TLS; without one it offers none. */
  readonly certificate?: { readonly key: string; readonly cert: string };
}

/** Starts a server that refuses everybody; gives its port. It is gone after the test. */
export async function startPostgresStub({ refusal, certificate }: Behavior): Promise<number> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", (message: Buffer) => {
      if (message.readInt32BE(4) !== SSL_REQUEST) return refuse(socket, refusal);
      if (certificate === undefined) return void socket.write("N");
      socket.write("S");
      new TLSSocket(socket, { isServer: true, ...certificate }).on("error", () => {});
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("no port");
  return address.port;
}

function refuse(socket: Socket, refusal: Behavior["refusal"] = ["XX000", "no"]): void {
  const [code, message] = refusal;
  const fields = Buffer.from(`SFATAL\0C${code}\0M${message}\0\0`);
  const head = Buffer.alloc(5);
  head.write("E");
  head.writeInt32BE(fields.length + 4, 1);
  socket.end(Buffer.concat([head, fields]));
}
