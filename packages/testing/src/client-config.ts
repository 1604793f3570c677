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
  /** What to hand to a client library, in the form that it takes. */
  settings: { mtcute: unknown; gramjs: unknown; telethon: unknown; tdlib: unknown };
}
