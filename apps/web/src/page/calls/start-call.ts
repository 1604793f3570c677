import type { OpenCall, PeerId } from '../../protocol/index.ts';
import { openCall } from '../ground/calls.ts';
import { RefusedError } from '../ground/link.ts';
import { callAddress, chatAddress, go, route } from '../ground/route.ts';
import { t } from '../ground/text.ts';
import { stopPlaying } from '../media/player.ts';
import { describeRefusal } from '../parts/errors.ts';
import { notify } from '../parts/notice.tsx';
import { REFUSALS } from './describe-end.ts';
import { OwnCall, ownCall } from './own-call.ts';
import { takeMedia } from './take-media.ts';
import { explainMissing, whatIsMissing } from './what-is-missing.tsx';

/** Stands in the state of the browser's history at a call that was come to from another page. */
const FROM_PAGE = { fromPage: true };

/** Shows the call of this page. */
export function showCall(peer: PeerId): void {
  const at = route.value;
  if (at.page === 'call' && at.peer === peer) return;
  go(callAddress(peer));
  history.replaceState(FROM_PAGE, '');
}

/** Goes back to what stood here before the call was shown. */
export function leaveCall(peer: PeerId): void {
  if (route.value.page !== 'call') return;
  if ((history.state as typeof FROM_PAGE | null)?.fromPage === true) history.back();
  else go(chatAddress(peer), true);
}

let isStarting = false;

/** Keeps a second press from asking for the microphone again while the first one waits. */
async function startOnce(start: () => Promise<void>): Promise<void> {
  if (isStarting) return;
  isStarting = true;
  try {
    await start();
  } finally {
    isStarting = false;
  }
}

/** Calls somebody, and shows the call. What stands against it is told in words. */
export async function startCall(peer: PeerId, isVideo: boolean): Promise<void> {
  const missing = whatIsMissing();
  if (missing) return explainMissing(missing);
  const { call } = openCall.value;
  if (call && ownCall.value?.id === call.id && call.peer === peer) return showCall(peer);
  if (call) return notify(t('callBusy'));
  await startOnce(async () => {
    const own = await takeMedia(isVideo);
    if (!own) return;
    const made = new OwnCall({ peer, isVideo, isOut: true, own });
    begin(made);
    try {
      await made.request();
    } catch (error) {
      made.close('over');
      forget(made);
      const { refusal } = error instanceof RefusedError ? error : { refusal: { code: 'INTERNAL' } };
      const words = REFUSALS[refusal.code];
      notify(words ? t(words) : describeRefusal(refusal));
    }
  });
}

/** Answers a call that rings, and shows it. */
export async function answerCall({ id, peer, isVideo }: OpenCall, withVideo = isVideo): Promise<void> {
  const missing = whatIsMissing();
  if (missing) return explainMissing(missing);
  await startOnce(async () => {
    const own = await takeMedia(withVideo);
    if (!own) return;
    // It may have ended while the browser asked.
    if (openCall.value.call?.id !== id) {
      for (const track of [own.microphone, own.camera]) track?.stop();
      return;
    }
    const made = new OwnCall({ peer, isVideo, isOut: false, id, own });
    begin(made);
    await made.accept(id).catch(() => made.close('lost'));
  });
}

function begin(call: OwnCall): void {
  stopPlaying();
  ownCall.value = call;
  showCall(call.peer);
}

/** Shows a call that has ended no more. */
export function forget(call: OwnCall): void {
  if (ownCall.value !== call) return;
  ownCall.value = undefined;
  leaveCall(call.peer);
}
