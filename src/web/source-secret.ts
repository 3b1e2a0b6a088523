import { randomBytes } from "node:crypto";
import { z } from "@hono/zod-openapi";
import type { Platform } from "../sources/adapter.ts";
import type { FieldError } from "./problem.ts";

/** What a platform signs its webhooks with, as it is given to us. */
export const secretField = z
  .string()
  .min(1, "must not be empty")
  .max(500, "must not be longer than 500 characters")
  .refine((text) => text.trim() === text && text.isWellFormed() && !text.includes("\0"), "must not begin or end with a space")
  .openapi({ description: "what the platform signs with; a `standard` source is given one of ours" });

/** The shop's name at its platform. */
export const domainField = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]+$/, "is not a host name such as lantern.myshopify.com");

type ChosenSecret = { readonly ok: true; readonly value: string } | { readonly ok: false; readonly error: FieldError };

/** Our own for `standard` unless one in its form is given; other platforms have theirs. */
export function chooseSecret(platform: Platform, given: string | null): ChosenSecret {
  if (platform !== "standard") {
    return given === null
      ? { ok: false, error: { pointer: "/secret", detail: "secret: is missing; it is the one the platform signs with" } }
      : { ok: true, value: given };
  }
  if (given === null) return { ok: true, value: `whsec_${randomBytes(32).toString("base64")}` };
  const key = /^whsec_[A-Za-z0-9+/]+={0,2}$/.test(given) ? Buffer.from(given.slice(6), "base64") : Buffer.alloc(0);
  if (key.length >= 24 && key.length <= 64) return { ok: true, value: given };
  return { ok: false, error: { pointer: "/secret", detail: "secret: is not whsec_ and the base64 of 24 to 64 bytes" } };
}
