/** Why a command ended without having done what it was asked: told in one go on stderr, the exit code says whether the asking was wrong. */
export class Failure extends Error {
  /** 1: it could not be done. 2: it was not asked as it should be. */
  readonly code: 1 | 2;
  /** What to do next; a sentence. */
  readonly next: string | null;

  constructor(message: string, { code = 1, next = null, cause }: { code?: 1 | 2; next?: string | null; cause?: unknown } = {}) {
    super(message, { cause });
    this.name = "Failure";
    this.code = code;
    this.next = next;
  }
}

/** A command that has said all there is to say, and failed. */
export class Failed extends Error {}
