import type { Socket } from "node:net";
import { connect, createServer } from "node:net";

/** A way to a server that can be cut and restored. */
export interface Connection {
  readonly port: number;
  /** Ends all connections, and refuses new ones. */
  cut(): void;
  restore(): void;
  close(): Promise<void>;
}

/** Listens on 127.0.0.1 and passes everything on. */
export async function openConnection(host: string, port: number): Promise<Connection> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) {
      near.destroy();
      return;
    }
    const far = connect(port, host);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const at = server.address();
  if (at === null || typeof at === "string") throw new TypeError("no port");
  return {
    port: at.port,
    cut() {
      isCut = true;
      for (const socket of sockets) socket.destroy();
    },
    restore() {
      isCut = false;
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
