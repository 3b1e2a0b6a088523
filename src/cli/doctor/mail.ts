import { unreachable } from "../../core/unreachable.ts";
import { isLoopbackHost, parseSmtpUrl } from "../../mail/smtp-url.ts";
import { smtpTransport, type Verification } from "../../mail/transport.ts";
import { type Check, failed, ok, warning } from "./check.ts";

/** How long the mail server may take to greet us and sign us in. */
const patienceMs = 15_000;

/** Whether the mail server can be reached, speaks TLS and lets us in. Sends nothing. */
export async function checkSmtp(smtpUrl: string | null): Promise<Check> {
  const name = "mail server";
  if (smtpUrl === null) return ok(name, "SMTP_URL is not set: mail stays in the mailbox of the service, and none goes out");
  const parsed = parseSmtpUrl(smtpUrl);
  if (!parsed.ok) return failed(name, `SMTP_URL ${parsed.error}`, "mend SMTP_URL");
  const { host, port, implicitTls, requireTls, auth } = parsed.config;
  const transport = smtpTransport({ ...parsed.config, connections: 1 }, { timeouts: { setupMs: patienceMs } });
  const verified = await transport.verify();
  await transport.close(1_000);
  const where = `${host}:${port}`;
  if (!verified.ok) return failed(name, `${where}: ${verified.reason}`, remedyOf(verified.phase, where));
  const greeted = `${where} takes mail${auth === null ? "" : ", and the sign-in"}`;
  if (!implicitTls && !requireTls && !isLoopbackHost(host)) {
    return warning(
      name,
      `${greeted}; TLS is used only while the server offers it`,
      "add ?requireTLS=true to SMTP_URL, or use smtps://, if the server has TLS",
    );
  }
  return ok(name, `${greeted}${implicitTls || requireTls ? ", over TLS" : ""}`);
}

function remedyOf(phase: Extract<Verification, { ok: false }>["phase"], where: string): string {
  switch (phase) {
    case "connect":
      return `see whether ${where} is right and whether a firewall lets it through; many hosts block port 25, while 587 and 465 are open`;
    case "greeting":
      return "the server does not want to speak to this machine; its operator can say why";
    case "tls":
      return "the certificate or its name does not fit; use the host name that the certificate has";
    case "auth":
      return "user or password is wrong, or the account may not send by SMTP; a special sign in them must be percent-encoded in SMTP_URL";
    case "mail-from":
    case "rcpt-to":
    case "data":
    case "body":
    case "after-dot":
      return "the server broke off; its operator can say why";
    default:
      return unreachable(phase);
  }
}
