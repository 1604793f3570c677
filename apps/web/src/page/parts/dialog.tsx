import { type ComponentChildren, type FunctionComponent, render } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import X from 'lucide-static/icons/x.svg';
import { t } from '../ground/text.ts';

export interface DialogProps {
  /** The name of the dialog, also its heading. */
  title: string;
  /** What stands in the place of that heading. */
  head?: ComponentChildren;
  onClose(): void;
  children: ComponentChildren;
  className?: string;
}

/** A window above the page. Escape closes it, and the focus goes back to where it was. */
export const Dialog: FunctionComponent<DialogProps> = ({ title, head, onClose, children, className = '' }) => {
  const element = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const { current } = element;
    const before = document.activeElement;
    current?.showModal();
    return () => {
      current?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  // The browser would close the dialog. Instead `onClose` decides, because it may ask a question first.
  const cancel = (event: Event): void => {
    event.preventDefault();
    onClose();
  };
  // Safari keeps Escape in a field of search to itself, also when there is nothing to empty.
  const onKeyDown = (event: KeyboardEvent): void => {
    const { key, target } = event;
    if (key === 'Escape' && target instanceof HTMLInputElement && target.type === 'search' && target.value === '') cancel(event);
  };
  return (
    <dialog ref={element} class={`dialog ${className}`} aria-label={title} onCancel={cancel} onKeyDown={onKeyDown} onClick={({ target }) => target === element.current && onClose()}>
      <header class="dialog-head">
        {head ?? <h2>{title}</h2>}
        <button class="round" type="button" aria-label={t('close')} onClick={onClose}>
          <X />
        </button>
      </header>
      {children}
    </dialog>
  );
};

/**
 * Shows a dialog until it is closed.
 * @param draw gets the function that closes it, with what the person decided
 * @returns what was decided; undefined if the dialog was left
 */
export function openDialog<Decision>(draw: (close: (decision?: Decision) => void) => ComponentChildren): Promise<Decision | undefined> {
  const place = document.createElement('div');
  document.body.append(place);
  return new Promise((resolve) => {
    const close = (decision?: Decision): void => {
      render(null, place);
      place.remove();
      resolve(decision);
    };
    render(<>{draw(close)}</>, place);
  });
}

/** Asks a question before something that cannot be undone. @returns whether to do it */
export async function confirm({ title, text, button, isDangerous }: { title: string; text: string; button: string; isDangerous?: boolean }): Promise<boolean> {
  const decision = await openDialog<boolean>((close) => (
    <Dialog title={title} onClose={() => close()}>
      <p dir="auto">{text}</p>
      <div class="dialog-buttons">
        <button class="button button-plain" type="button" onClick={() => close()}>
          {t('cancel')}
        </button>
        <button class={isDangerous ? 'button button-danger' : 'button'} type="button" onClick={() => close(true)}>
          {button}
        </button>
      </div>
    </Dialog>
  ));
  return decision === true;
}
