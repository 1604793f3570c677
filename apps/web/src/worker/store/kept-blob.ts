/** A Blob as the database keeps it: private windows of Safari store no Blob. */
export interface KeptBlob {
  bytes: ArrayBuffer;
  type: string;
}

export const keepBlob = async (blob: Blob): Promise<KeptBlob> => ({ bytes: await blob.arrayBuffer(), type: blob.type });

export const blobOf = ({ bytes, type }: KeptBlob): Blob => new Blob([bytes], { type });
