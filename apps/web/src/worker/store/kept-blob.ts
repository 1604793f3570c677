/** A Blob in the form in which it is stored. The database of a private window of Safari refuses Blobs. */
export interface KeptBlob {
  bytes: ArrayBuffer;
  type: string;
}

export const keepBlob = async (blob: Blob): Promise<KeptBlob> => ({ bytes: await blob.arrayBuffer(), type: blob.type });

export const blobOf = ({ bytes, type }: KeptBlob): Blob => new Blob([bytes], { type });
