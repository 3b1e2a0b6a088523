import { readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import PostalMime, { type Email } from "postal-mime";
import { SMTPServer } from "smtp-server";
import { type Behaviour, type Counts, converse } from "./smtp-script.ts";

export type { Act, Behaviour } from "./smtp-script.ts";

/** A mail that was handed over, with its envelope as it stood in the SMTP conversation. */
export interface ReceivedMail {
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  readonly raw: Buffer;
  /** `false`: the sender never heard that we have it (`keepAndDrop`). */
  readonly answered: boolean;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** As they stand, in order; keys in lower case. */
  readonly headers: readonly { readonly key: string; readonly value: string }[];
  readonly parsed: Email;
}

export interface Sink {
  /** `smtp://127.0.0.1:PORT`, or `smtps://` with `tls: "implicit"`; with user and password when it wants them. */
  readonly url: string;
  readonly port: number;
  /** Every mail kept, in the order of arrival. */
  mails(): readonly ReceivedMail[];
  /** Waits until at least `count` mails are kept. Rejects after `timeoutMs` (10 s), naming what there is. */
  waitFor(count: number, timeoutMs?: number): Promise<readonly ReceivedMail[]>;
  /** From the next connection on; `null` is the good server again. Counts start anew. Existing connections go on as they were. */
  setBehaviour(behaviour: Behaviour | null): void;
  /** How often a moment came (`"mail"`, `"rset"`, …) since the behaviour was set; `"connection"` counts connections since the start. */
  count(moment: string): number;
  /** Forgets all mails. */
  clear(): void;
  /** Cuts all connections; the server stays. */
  cut(): void;
  stop(): Promise<void>;
}

export interface SinkOptions {
  readonly behaviour?: Behaviour;
  /** A self-signed certificate for `localhost` and 127.0.0.1: `test/fixtures/tls/localhost.crt`. Misbehaviour is for plain connections only. */
  readonly tls?: "implicit" | "starttls";
  readonly auth?: { readonly user: string; readonly pass: string };
  /** Largest mail in bytes, offered as SIZE. */
  readonly size?: number;
  /** Fixed port; default a free one. */
  readonly port?: number;
}

const certificate = (name: string) => readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url));

/** Starts a real SMTP server on 127.0.0.1 that keeps what it gets, or misbehaves as it is told. */
export async function startSink(options: SinkOptions = {}): Promise<Sink> {
  const kept: ReceivedMail[] = [];
  const waiting = new Set<() => void>();
  const sockets = new Set<Socket>();
  let behaviour = options.behaviour ?? null;
  let counts: Counts = new Map();
  let connections = 0;

  async function keep(mail: { from: string; to: readonly string[]; raw: Buffer; answered: boolean }): Promise<void> {
    const parsed = await PostalMime.parse(mail.raw);
    const { subject = "", text = "", html = "", headers } = parsed;
    kept.push({ envelope: { from: mail.from, to: mail.to }, raw: mail.raw, answered: mail.answered, subject, text, html, headers, parsed });
    for (const look of waiting) look();
  }

  const good = new SMTPServer({
    secure: options.tls === "implicit",
    key: certificate("localhost.key"),
    cert: certificate("localhost.crt"),
    hideSTARTTLS: options.tls !== "starttls",
    disabledCommands: options.auth === undefined ? ["AUTH"] : [],
    authOptional: options.auth === undefined,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    ...(options.size === undefined ? {} : { size: options.size }),
    onAuth: ({ username, password }, _session, done) => {
      const right = username === options.auth?.user && password === options.auth?.pass;
      done(right ? null : new Error("wrong user or password"), right ? { user: username } : undefined);
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        const from = mailFrom === false ? "" : mailFrom.address;
        const to = rcptTo.map(({ address }) => address);
        keep({ from, to, raw: Buffer.concat(chunks), answered: true }).then(() => done(null), done);
      });
    },
  });
  good.on("error", () => {});

  const front = createServer((socket) => {
    connections += 1;
    // under TLS the server's own: destroying a plain socket beneath a TLS one crashes Node 24
    if (options.tls === undefined) sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    if (behaviour === null) good.server.emit("connection", socket);
    else converse(socket, { behaviour, counts, keep });
  });
  await new Promise<void>((resolve, reject) => front.once("error", reject).listen(options.port ?? 0, "127.0.0.1", resolve));
  const { port } = front.address() as AddressInfo; // a TCP server that listens has one
  const login = options.auth === undefined ? "" : `${encodeURIComponent(options.auth.user)}:${encodeURIComponent(options.auth.pass)}@`;

  return {
    url: `${options.tls === "implicit" ? "smtps" : "smtp"}://${login}127.0.0.1:${port}`,
    port,
    mails: () => kept,
    waitFor: (count, timeoutMs = 10_000) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (kept.length < count) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(kept);
        };
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`waited for ${count} mails, got ${kept.length}: ${kept.map(({ subject }) => subject).join(" | ")}`));
        }, timeoutMs);
        waiting.add(look);
        look();
      }),
    setBehaviour: (next) => {
      behaviour = next;
      counts = new Map();
    },
    count: (moment) => (moment === "connection" ? connections : (counts.get(moment) ?? 0)),
    clear: () => {
      kept.length = 0;
    },
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      for (const connection of good.connections) connection.close();
      await new Promise((resolve) => front.close(resolve));
    },
  };
}
