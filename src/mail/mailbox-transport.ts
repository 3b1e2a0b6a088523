import type { SendResult } from "../core/smtp-reply.ts";
import type { OutgoingMail } from "./smtp-session.ts";
import type { Transport } from "./transport.ts";

/** A mail put into the built-in mailbox. */
export interface DeliveredMail {
  readonly from: string;
  readonly to: string;
  readonly raw: Buffer;
}

/**
 * "Sends" by handing each mail to `deliver`: what happens when there is no SMTP server, so that no mail ever leaves by accident.
 *
 * Asks `begin` exactly as the real one does. When `deliver` throws, the mail counts as lost before it was sent and will be tried again:
 * `deliver` must keep a mail only once by its Message-ID.
 */
export function mailboxTransport(deliver: (mail: DeliveredMail) => Promise<void>): Transport {
  const running = new Set<Promise<SendResult>>();
  async function hand({ envelope, raw }: OutgoingMail): Promise<SendResult> {
    try {
      await deliver({ from: envelope.from, to: envelope.to, raw });
      return { kind: "accepted", answer: "250 kept in the mailbox" };
    } catch (error) {
      return {
        kind: "lost",
        phase: "data",
        reason: `the mailbox could not keep it: ${error instanceof Error ? error.message : String(error)}`,
      };
    }
  }
  return {
    connections: 5,
    open: 0,
    async send(mail, begin) {
      if (!(await begin())) return { kind: "withdrawn" };
      const sending = hand(mail);
      running.add(sending);
      try {
        return await sending;
      } finally {
        running.delete(sending);
      }
    },
    verify: () => Promise.resolve({ ok: true }),
    close: async () => {
      await Promise.all(running);
    },
  };
}
