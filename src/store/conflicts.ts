const retryable = new Set(["40001", "40P01"]);
const tries = 5;

/**
 * Runs a transaction again when PostgreSQL ended it for the sake of another: deadlock (40P01) or serialization failure (40001).
 *
 * Up to 5 times; `run` must begin its transaction itself, or be a single statement, and do nothing outside it. A statement that runs
 * within somebody else's transaction can't be run again by itself: then give that as `within`, and the error is whoever began it's to catch.
 */
export async function retryingConflicts<Result>(run: () => Promise<Result>, within?: { readonly isTransaction: boolean }): Promise<Result> {
  if (within?.isTransaction) return run();
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (attempt >= tries || !isConflict(error)) throw error;
    }
  }
}

function isConflict(error: unknown): boolean {
  return error instanceof Error && "code" in error && typeof error.code === "string" && retryable.has(error.code);
}
