/** What whoever holds a token may do: see everything; also act; also give out tokens. */
export const tokenRoles = ["viewer", "operator", "owner"] as const;
export type TokenRole = (typeof tokenRoles)[number];

/** Whether a role includes what another may do. */
export function includesRole(role: TokenRole, wanted: TokenRole): boolean {
  return tokenRoles.indexOf(role) >= tokenRoles.indexOf(wanted);
}
