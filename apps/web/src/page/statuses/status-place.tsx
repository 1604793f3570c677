import type { FunctionComponent } from 'preact';
import type { Peer } from '../../protocol/index.ts';
import { useLoaded } from '../parts/use-loaded.ts';

/** The emoji beside a name, on a page where it can be changed. It is loaded then. */
export const StatusPlace: FunctionComponent<{ peer: Peer }> = ({ peer }) => {
  const Row = useLoaded(async () => (await import('./status-row.tsx')).StatusRow);
  return Row ? <Row peer={peer} /> : null;
};
