import { readFileSync } from "node:fs";
import nodemailer from "nodemailer";

// A nodemailer pool that is given ready-made mails. Asked `{ send }` it sends that many and answers when all are accepted.

interface ReadyMail {
  readonly from: string;
  readonly to: string;
  readonly replyTo: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly messageId: string;
  readonly headers: Readonly<Record<string, string>>;
}

const mails: readonly ReadyMail[] = JSON.parse(readFileSync(process.env["MAILS"] ?? "", "utf8"));
const pool = nodemailer.createTransport({
  pool: true,
  host: "127.0.0.1",
  port: Number(process.env["SMTP_PORT"]),
  maxConnections: Number(process.env["CONNECTIONS"]),
  maxMessages: 100,
  ignoreTLS: true,
});

process.on("message", (message: { readonly send: number }) => {
  void Promise.all(Array.from({ length: message.send }, (_, n) => pool.sendMail(mails[n % mails.length] ?? {}))).then(() =>
    process.send?.("sent"),
  );
});
process.once("SIGTERM", () => process.exit(0));
process.send?.(0);
