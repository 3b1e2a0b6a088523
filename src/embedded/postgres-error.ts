/**
 * What can keep the embedded PostgreSQL from starting.
 *
 * - `in-use`: another live Afterword works on the same folder
 * - `no-binaries`: there is no PostgreSQL for this machine, or it cannot run here
 * - `no-user`: we are root and there is no unprivileged user to run as
 * - `other-user`: the folder belongs to another user
 * - `unreachable`: the unprivileged user cannot enter a folder it needs
 * - `copied`: the folder is a copy whose database still belongs to the original
 * - `missing`: the database or its password, which should be there, are not
 * - `other-version`: the database was made by another major version
 * - `init-failed`, `start-failed`: PostgreSQL itself refused
 */
export type EmbeddedPostgresFault =
  | "in-use"
  | "no-binaries"
  | "no-user"
  | "other-user"
  | "unreachable"
  | "copied"
  | "missing"
  | "other-version"
  | "init-failed"
  | "start-failed";

/** Says in one sentence why the embedded PostgreSQL does not run and what to do about it. */
export class EmbeddedPostgresError extends Error {
  readonly code: EmbeddedPostgresFault;

  constructor(code: EmbeddedPostgresFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "EmbeddedPostgresError";
    this.code = code;
  }
}
