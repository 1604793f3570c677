/** An error whose message tells the person who runs the server what is wrong and what to do; its stack says nothing more. */
export class OperatorError extends Error {
  override name = 'OperatorError';
}
