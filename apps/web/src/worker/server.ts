import type { CompanyEntry } from '../protocol/index.ts';

/** What the server says of itself at `/client.json`. */
export interface ServerFacts {
  dc_id: number;
  layer: number;
  public_keys: { pem: string; fingerprint: string }[];
  test_mode: boolean;
  build: string;
  /** The other data centres of the cluster, and where pages reach them; absent if the server is alone. */
  homes?: { dc: number; socket: string }[];
  /** How people log in with the account of their company; absent if they cannot. */
  enter?: CompanyEntry;
}

/** Asks the server that the page came from. */
export async function loadServerFacts(origin: string): Promise<ServerFacts> {
  const response = await fetch(`${origin}/client.json`, { cache: 'no-cache' });
  if (!response.ok) throw new Error(`/client.json: HTTP ${response.status}`);
  return (await response.json()) as ServerFacts;
}
