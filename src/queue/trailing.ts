/**
 * Runs `send` at most once at a time, and once more for all calls that came meanwhile; each call answers what its sending answered.
 *
 * Calls may not share the one under way: the job could have started, and looked, before they wrote what it is to find. `send` may not reject.
 */
export function trailing(send: () => Promise<boolean>): () => Promise<boolean> {
  let running: Promise<boolean> | null = null;
  let next: Promise<boolean> | null = null;

  function start(): Promise<boolean> {
    const sent = send().finally(() => {
      if (running === sent) running = null;
    });
    running = sent;
    return sent;
  }

  return () => {
    if (running === null) return start();
    next ??= running.then(() => {
      next = null;
      return start();
    });
    return next;
  };
}
