/**
 * Lets at most `perSecond` pass a second, in order of asking; at most a tenth of a second's worth at once. `null` lets all pass.
 *
 * Counts on the monotonic clock, so that a change of the machine's time neither stalls nor floods the server.
 */
export function rateGate(perSecond: number | null): () => Promise<void> {
  if (perSecond === null) return () => Promise.resolve();
  const spacing = 1_000 / perSecond;
  const burst = Math.max(0, 100 - spacing);
  let next = 0;
  return () => {
    const now = performance.now();
    next = Math.max(next, now - burst);
    const wait = next - now;
    next += spacing;
    return wait <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, Math.ceil(wait)));
  };
}
