/** Wrong arguments: the message says which, what was given, and what is allowed. */
export class UsageError extends Error {
  /** The class's name. */
  override readonly name = "UsageError";
}
