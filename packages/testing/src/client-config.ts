/** What clients of the MTProto API need to reach a cloud. */
export interface ClientConfig {
  dcId: number;
  host: string;
  port: number;
  /** Newest layer of the API that it speaks. */
  layer: number;
  testMode: boolean;
  publicKeys: { pem: string; fingerprint: string }[];
  apiId: number;
  apiHash: string;
  /** For each client, a piece of a program that connects it, or the change of its source that does. */
  settings: { mtcute: string; gramjs: string; telethon: string; tdlib: string; tdesktop: string };
}
