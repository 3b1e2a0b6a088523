import { type AddressInfo, createServer, type Socket } from "node:net";

// An SMTP server that takes everything and keeps nothing. Asked `{ expect }` it answers, once so many more mails came, how long it took from the
// first of them to the last, in seconds.

let expected = 0;
let taken = 0;
let firstAt = 0;

function mailTaken(): void {
  if (expected === 0) return;
  taken += 1;
  if (taken === 1) firstAt = performance.now();
  if (taken < expected) return;
  expected = 0;
  process.send?.((performance.now() - firstAt) / 1_000);
}

process.on("message", (message: { readonly expect: number }) => {
  expected = message.expect;
  taken = 0;
});

function converse(socket: Socket): void {
  let text = "";
  let inBody = false;
  socket.setNoDelay(true);
  socket.setEncoding("latin1");
  socket.on("error", () => undefined);
  socket.write("220 sink\r\n");
  socket.on("data", (chunk: string) => {
    text += chunk;
    for (;;) {
      const end = text.indexOf(inBody ? "\r\n.\r\n" : "\r\n");
      if (end === -1) {
        // Of a body only what may be the beginning of its end is kept.
        if (inBody) text = text.slice(-4);
        return;
      }
      const line = text.slice(0, end);
      text = text.slice(end + (inBody ? 5 : 2));
      if (inBody) {
        inBody = false;
        socket.write("250 2.0.0 taken\r\n");
        mailTaken();
      } else {
        inBody = /^DATA/i.test(line);
        socket.write(answerTo(line));
        if (/^QUIT/i.test(line)) socket.end();
      }
    }
  });
}

function answerTo(line: string): string {
  const verb = line.slice(0, 4).toUpperCase();
  if (verb === "EHLO") return "250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n";
  if (verb === "DATA") return "354 go ahead\r\n";
  if (verb === "QUIT") return "221 2.0.0 bye\r\n";
  return "250 2.0.0 ok\r\n";
}

const server = createServer(converse);
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port)); // a TCP server that listens has one
process.once("SIGTERM", () => process.exit(0));
