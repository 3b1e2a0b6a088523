/** Ends a switch that must be complete: a new member of the union is a type error here, and a loud one at run time. */
export function unreachable(value: never): never {
  throw new Error(`a case was forgotten: ${JSON.stringify(value)}`);
}
