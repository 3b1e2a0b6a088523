import { z } from "zod";
import { longestPassword, shortestPassword } from "./password.ts";

/** A new password, typed twice. Messages are those of `words/field-errors.ts`. */
export const newPassword = z
  .string()
  .min(shortestPassword, `must not be shorter than ${shortestPassword} characters`)
  .max(longestPassword, `must not be longer than ${longestPassword} characters`);

/** Refuses two that differ. */
export function sameTwice(
  { password, again }: { readonly password: string; readonly again: string },
  context: z.core.$RefinementCtx,
): void {
  if (password !== again) context.addIssue({ code: "custom", path: ["again"], message: "is not the same as above" });
}
