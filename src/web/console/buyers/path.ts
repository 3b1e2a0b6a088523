/** A buyer's page is named by the keyed hash of the address: an address itself stands in no address line, history or log. */
export function buyerPath(addressHash: Buffer): string {
  return `/buyers/${addressHash.toString("base64url")}`;
}

/** The hash that a path names; `null` for any other text. */
export function hashOfPath(token: string): Buffer | null {
  return /^[\w-]{43}$/.test(token) ? Buffer.from(token, "base64url") : null;
}
