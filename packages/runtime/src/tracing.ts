/** A piece of work in a trace. */
export interface TraceSpan {
  /** What work that this causes elsewhere names as its parent, in the form of the header `traceparent` (W3C Trace Context). */
  readonly context: string;
  /** Ends it. `facts` hold nothing that people wrote, and nobody's name, number or id. */
  end(outcome: { name?: string; facts?: Record<string, string | number | boolean>; hasFailed?: boolean }): void;
}

/** Makes traces: which work a call caused, in which process, and how long it took. */
export interface Tracer {
  /** Begins a call that clients made. @returns undefined for a call that is not sampled */
  beginCall(): TraceSpan | undefined;
  /**
   * Begins work that other work caused.
   * @param parent the context of that work; undefined if it is not traced
   * @param fromMs when it began, in milliseconds since 1970 with fractions
   */
  beginPart(name: string, parent: string | undefined, fromMs: number): TraceSpan | undefined;
}
