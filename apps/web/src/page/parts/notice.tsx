import { render } from 'preact';
import { RefusedError } from '../app/link.ts';
import { describeRefusal } from './errors.ts';
import { t } from './text.ts';

/** How long a notice is shown, in milliseconds. */
const SHOWN_MS = 5000;

/** Says something in passing, such as why something did not work. */
export function notify(text: string): void {
  const place = document.createElement('div');
  place.className = 'notices';
  document.body.append(place);
  render(
    <p class="notice" role="alert">
      {text}
    </p>,
    place,
  );
  setTimeout(() => {
    render(null, place);
    place.remove();
  }, SHOWN_MS);
}

/** Does something, and says so if the server refuses it. @returns whether it was done */
export async function attempt(act: Promise<unknown>): Promise<boolean> {
  try {
    await act;
    return true;
  } catch (error) {
    notify(error instanceof RefusedError ? describeRefusal(error.refusal) : t('errorInternal'));
    return false;
  }
}
