/** A node did not do what it was asked to. The message says why, in words for the operator. */
export class NodeFault extends Error {
  override name = 'NodeFault';
  /** Whether the message went over a connection that had been used before, which the node may have closed meanwhile. */
  readonly wasKeptConnection: boolean;

  constructor(message: string, { wasKeptConnection = false } = {}) {
    super(message);
    this.wasKeptConnection = wasKeptConnection;
  }
}
