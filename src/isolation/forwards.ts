import { once } from "node:events";
import type { Socket } from "node:net";
import { connect, createServer } from "node:net";
import { pipeline } from "node:stream";

/** A port of the machine's loopback interface that leads to a Unix socket. */
export interface Forwarding {
  readonly port: number;
  close(): Promise<void>;
}

/** Listens on a free port. Every program on the machine can connect to it. */
export async function startForwarding(socket: string): Promise<Forwarding> {
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const target = connect(socket);
    open.add(client);
    pipeline(client, target, client, () => {
      open.delete(client);
      client.destroy();
      target.destroy();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    async close() {
      for (const client of open) client.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
