import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { atEndOfFile } from "../support/clean-up.ts";

/** What a wire does with bytes. `stalled` holds them, both ways or one, until the weather is fine again, as TCP does that sends again; `lost` lets none through in that direction, and says nothing of it: a network that was parted. */
export type Weather = "fine" | "stalled" | "stalled-up" | "stalled-down" | "lost-up" | "lost-down" | { readonly bytesPerSecond: number };

/** A way to a server that can be cut, parted, slowed down and listened to. */
export interface Wire {
  /** `target` with this wire's address in place of its own. */
  readonly url: string;
  /** Resets what stands, and refuses what comes. */
  cut(): Promise<void>;
  /** Takes connections again. */
  open(): Promise<void>;
  /** From now on, for what stands and what comes; with `only`, just for connections whose first bytes up hold that word. */
  set(weather: Weather, only?: string): void;
  /** Hears what goes up (to the server) before it is passed on, which waits for the answer. `null`: nobody listens. */
  listen(ear: ((bytes: Buffer) => void | Promise<void>) | null): void;
}

const tickMs = 20;

/** Lays a wire from a port of 127.0.0.1 to the server that `target` (a URL with host and port) names. */
export async function layWire(target: string): Promise<Wire> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let sky: { readonly weather: Weather; readonly only: string | null } = { weather: "fine", only: null };
  let ear: ((bytes: Buffer) => void | Promise<void>) | null = null;

  function carry(from: Socket, to: Socket, way: "up" | "down", caller: { first: string }): void {
    const weatherNow = (): Weather => (sky.only === null || caller.first.includes(sky.only) ? sky.weather : "fine");
    const waiting: Buffer[] = [];
    let carrying = false;
    from.on("data", (bytes: Buffer) => {
      waiting.push(bytes);
      if (way === "up" && caller.first === "") caller.first = bytes.toString("latin1");
      from.pause();
      void pass();
    });
    async function pass(): Promise<void> {
      if (carrying) return;
      carrying = true;
      while (waiting.length > 0 && !to.destroyed) {
        const weather = weatherNow();
        if (weather === "stalled" || weather === `stalled-${way}`) {
          await pause(tickMs);
          continue;
        }
        const bytes = waiting.shift() ?? Buffer.alloc(0);
        if (weather === `lost-${way}`) continue;
        if (way === "up" && ear !== null) await ear(bytes);
        if (to.destroyed) break;
        if (typeof weather === "object") {
          const share = Math.max(1, Math.round((weather.bytesPerSecond * tickMs) / 1_000));
          to.write(bytes.subarray(0, share));
          if (bytes.length > share) waiting.unshift(bytes.subarray(share));
          await pause(tickMs);
        } else if (!to.write(bytes)) await new Promise<void>((resolve) => to.once("drain", resolve).once("close", resolve));
      }
      carrying = false;
      from.resume();
    }
  }

  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    const caller = { first: "" };
    carry(near, far, "up", caller);
    carry(far, near, "down", caller);
  });
  const listenAt = (at: number) =>
    new Promise<number>((resolve, reject) => {
      server.once("error", reject);
      server.listen(at, "127.0.0.1", () => {
        server.off("error", reject);
        resolve((server.address() as AddressInfo).port); // a TCP server that listens has one
      });
    });
  const own = await listenAt(0);
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
    url: url.href.replace(/\/$/, ""),
    cut,
    async open() {
      if (!server.listening) await listenAt(own);
    },
    set(weather, only) {
      sky = { weather, only: only ?? null };
    },
    listen(next) {
      ear = next;
    },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
