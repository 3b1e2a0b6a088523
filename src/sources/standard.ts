import type { Instant } from "../core/instant.ts";
import type { Adapter, RawRequest, Reading, SourceKeys, Verdict } from "./adapter.ts";
import { clean } from "./fields.ts";
import { readJson } from "./json.ts";
import { unreadable } from "./reading.ts";
import { deliveryKey } from "./signature.ts";
import { isStandardType, standardEvent } from "./standard/events.ts";
import { factsOf } from "./standard/facts.ts";
import { verifyStandard } from "./standard/signature.ts";

/** Our own format for any shop system, signed as Standard Webhooks 1.0. */
export const standard: Adapter = { platform: "standard", verify, identify, read };

function verify(request: RawRequest, keys: SourceKeys, now: Instant): Verdict {
  const refusal = verifyStandard(request.headers, request.body, keys.secrets, now);
  return refusal === null ? { kind: "genuine" } : { kind: "refused", reason: refusal };
}

/** The id stays the same over all retries, whose time stamps differ, and is part of what is signed. */
function identify({ headers, body }: RawRequest): { key: string; topic: string } {
  const json = readJson(body);
  const type = json.kind === "json" ? typeOf(json.value) : null;
  return { key: deliveryKey(headers["webhook-id"] ?? ""), topic: clean(type ?? "", 100) };
}

function read({ body }: RawRequest): Reading {
  const json = readJson(body);
  if (json.kind === "bad") return { kind: "unreadable", pointer: "", reason: json.reason };
  return readStandard(json.value);
}

/**
 * Reads one event that is parsed already: a webhook's body, or a line of an import.
 *
 * `value` may be anything. A type that is not in the contract is ignored, so that senders may send all they have.
 */
export function readStandard(value: unknown): Reading {
  const type = typeOf(value);
  if (type !== null && !isStandardType(type)) return { kind: "ignored", reason: `the type ${clean(type, 100)} is not one we act on` };
  if (type === null && typeof value === "object" && value !== null)
    return { kind: "unreadable", pointer: "/type", reason: "is missing or not a string" };
  const event = standardEvent.safeParse(value);
  return event.success ? { kind: "facts", facts: factsOf(event.data) } : unreadable(event.error);
}

function typeOf(value: unknown): string | null {
  if (typeof value !== "object" || value === null || !("type" in value)) return null;
  return typeof value.type === "string" ? value.type : null;
}
