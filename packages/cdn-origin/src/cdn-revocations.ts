/**
 * The files that nodes must not serve any longer. The process with the jobs asks for them before it sends each `alive`: a node that is not
 * told `alive` for 45 s stops serving, so no token outlives the right to its file by more than a minute.
 */
export interface CdnRevocations {
  /**
   * Finds files with valid tokens whose content may not be served any longer, and notes them.
   * @throws any error; then no node is told `alive`
   */
  doMarkToForget(): Promise<void>;
  /**
   * Lists ids of files that a node must forget and has not forgotten yet.
   * @param limit at most so many; further ones are asked for after these were noted as forgotten
   */
  listToForget(dc: number, limit: number): Promise<readonly Uint8Array[]>;
  /** Notes that a node has forgotten these files. */
  doNoteForgotten(dc: number, fileIds: readonly Uint8Array[]): Promise<void>;
}
