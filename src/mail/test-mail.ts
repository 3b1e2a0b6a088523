import type { Instant } from "../core/instant.ts";
import { composeMail } from "./headers.ts";
import { inertSubject } from "./inert.ts";
import type { Transport } from "./transport.ts";

export interface TestMail {
  readonly id: string;
  readonly now: Instant;
  readonly shop: { readonly id: string; readonly fromName: string; readonly fromAddress: string };
  /** Whoever asked for it: nobody else gets it. */
  readonly to: { readonly name: string; readonly address: string };
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

/**
 * Sends somebody a mail to look at in a mail program of theirs, through the transport that buyers' mail takes. Its subject says that it is a test; it is no
 * message, so it is in no ledger and counts nowhere. Answers what the server said.
 */
export async function sendTestMail(
  transport: Pick<Transport, "send">,
  { id, now, shop, to, subject, html, text }: TestMail,
): Promise<{ readonly sent: boolean; readonly answer: string }> {
  const { envelope, raw } = composeMail({
    messageId: id,
    date: now,
    from: { name: shop.fromName, address: shop.fromAddress },
    to,
    replyTo: null,
    subject: inertSubject(`[Test] ${subject}`, 200),
    html,
    text,
    // as mail about an order it has no header by which a mail program would unsubscribe anybody
    category: "order",
    step: "test",
    shopId: shop.id,
    senderId: "afterword",
    unsubscribe: "https://localhost/",
  });
  const result = await transport.send(
    { envelope, raw },
    async () => true,
    () => true,
  );
  switch (result.kind) {
    case "accepted":
      return { sent: true, answer: result.answer };
    case "replied":
      return { sent: false, answer: result.text };
    case "lost":
    case "unsendable":
      return { sent: false, answer: result.reason };
    case "withdrawn":
      return { sent: false, answer: "the service is stopping" };
  }
}
