/** An error whose message tells the operator of the server what is wrong and what to do; its stack adds nothing. */
export class OperatorError extends Error {
  override name = 'OperatorError';
}
