// Everything about calls that a page shows, loaded with the first one.
import { callsTexts } from '../../texts/en/calls.ts';
import { addTexts } from '../ground/text.ts';

export { CallBar } from './call-bar.tsx';
export { CallStage } from './call-stage.tsx';
export { CallsSide } from './calls-side.tsx';
export { IncomingCall } from './incoming-call.tsx';
export { startCall } from './start-call.ts';

addTexts(callsTexts);
