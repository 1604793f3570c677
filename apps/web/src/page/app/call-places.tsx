import type { FunctionComponent } from 'preact';
import type { PeerId } from '../../protocol/index.ts';
import { caller, openCall } from '../ground/calls.ts';
import { t } from '../ground/text.ts';
import { SideHeader } from '../parts/side-header.tsx';
import { useLoaded } from '../parts/use-loaded.ts';

const loadParts = () => import('../calls/call-parts.tsx');

caller.call = (peer, isVideo) => void loadParts().then(({ startCall }) => startCall(peer, isVideo));

const Incoming: FunctionComponent = () => {
  const parts = useLoaded(loadParts);
  return parts ? <parts.IncomingCall /> : null;
};

const Bar: FunctionComponent = () => {
  const parts = useLoaded(loadParts);
  return parts ? <parts.CallBar /> : null;
};

/** A call that rings. What shows it is loaded then. */
export const IncomingPlace: FunctionComponent = () => (openCall.value.call ? <Incoming /> : null);

/** The bar of a call that goes on. */
export const CallBarPlace: FunctionComponent = () => (openCall.value.call ? <Bar /> : null);

/** The call that goes on in this page. */
export const CallStagePlace: FunctionComponent<{ peer: PeerId }> = ({ peer }) => {
  const parts = useLoaded(loadParts);
  return parts ? <parts.CallStage peer={peer} /> : <main class="chat" aria-label={t('loading')} aria-busy />;
};

/** The calls that there were. */
export const CallsSidePlace: FunctionComponent = () => {
  const parts = useLoaded(loadParts);
  return parts ? <parts.CallsSide /> : <SideHeader title={t('calls')} />;
};
