/** What a command found or did, which `CliCommand` prints for people or for programs. */
export interface Output {
  /**
   * For programs, as a value that JSON can hold, or bigint for ids and other numbers of 64 bits, which become strings. Names are in snake_case and never
   * change; times are texts of `formatDate`; counts are numbers; what there is not is null.
   */
  value: unknown;
  /** The same for people. */
  lines: readonly string[];
  /** What is wrong, although the command did its work: it exits with 1, after its output. */
  failure?: string | undefined;
}

/** The one JSON document that a command prints for programs. */
export function formatJson(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) => (typeof part === 'bigint' ? part.toString() : part), 2);
}

/** One output of several, each under its name in the value, one after the other for people. */
export function joinOutputs(parts: Readonly<Record<string, Output>>): Output {
  const failures = Object.values(parts).flatMap(({ failure }) => failure ?? []);
  return {
    value: Object.fromEntries(Object.entries(parts).map(([name, { value }]) => [name, value])),
    lines: Object.values(parts).flatMap(({ lines }) => lines),
    failure: failures.length === 0 ? undefined : failures.join('; '),
  };
}
