import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { atEndOfFile } from "../../support/clean-up.ts";

/** A way to a server that can be cut: what stands on it is reset, and what comes is refused, until it is opened again. */
export interface Wire {
  /** `target` with this wire's address in place of its own. */
  readonly url: string;
  cut(): Promise<void>;
  open(): Promise<void>;
}

/** Lays a wire from a port of 127.0.0.1 to the server that `target` (a URL with host and port) names. */
export async function openWire(target: string): Promise<Wire> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  const listen = (at: number) =>
    new Promise<number>((resolve, reject) => {
      server.once("error", reject);
      server.listen(at, "127.0.0.1", () => {
        server.off("error", reject);
        resolve((server.address() as AddressInfo).port); // a TCP server that listens has one
      });
    });
  const own = await listen(0);
  const url = new URL(target);
  url.host = `127.0.0.1:${own}`;

  async function cut(): Promise<void> {
    if (!server.listening) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets) socket.resetAndDestroy();
    await closed;
  }

  atEndOfFile(cut);
  return {
    url: url.href,
    cut,
    async open() {
      await listen(own);
    },
  };
}
