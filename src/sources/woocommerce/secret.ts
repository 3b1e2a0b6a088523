/**
 * The keys that a webhook may be signed with, of a secret as an operator copied it.
 *
 * WordPress stores the secret with its special characters as entities and undoes that before it signs (`wp_specialchars_decode` with
 * `ENT_QUOTES`), so a secret read off the database or the API may be either form.
 */
export function signingKeys(secret: string): readonly string[] {
  const decoded = secret.replace(/&(?:amp|lt|gt|quot|#0*3[489]|#0*6[02]|#[xX]0*2[267]);/g, (entity) => characterOf(entity));
  return decoded === secret ? [secret] : [decoded, secret];
}

function characterOf(entity: string): string {
  const named = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"' }[entity];
  if (named !== undefined) return named;
  const digits = entity.slice(2, -1);
  return String.fromCharCode(/^x/i.test(digits) ? Number.parseInt(digits.slice(1), 16) : Number(digits));
}
