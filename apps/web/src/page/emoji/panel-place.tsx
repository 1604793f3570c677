import { autoUpdate, computePosition, flip, offset, shift } from '@floating-ui/dom';
import { type Signal, signal } from '@preact/signals';
import type { ComponentType, FunctionComponent, RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import Keyboard from 'lucide-static/icons/keyboard.svg';
import Smile from 'lucide-static/icons/smile.svg';
import { t } from '../ground/text.ts';
import { isWide } from '../ground/wide.ts';
import { onPressOutside } from '../parts/press-outside.ts';
import type { PanelProps } from './panel.tsx';

/** The panel of emoji, stickers and GIFs, once it was loaded. */
const loaded = signal<ComponentType<PanelProps> | undefined>(undefined);

/** Whether the panel stands in the place of the keyboard, below the field. */
export const isOnPhone = (): boolean => !isWide.value;

/** The button that shows the panel. The panel is loaded then. */
export const PanelButton: FunctionComponent<{ isOpen: Signal<boolean>; button: RefObject<HTMLButtonElement | null> }> = ({ isOpen, button }) => {
  const toggle = (): void => {
    isOpen.value = !isOpen.value;
    if (isOpen.value && isOnPhone() && document.activeElement instanceof HTMLElement) document.activeElement.blur();
    if (!loaded.value) void import('./panel.tsx').then(({ Panel }) => (loaded.value = Panel));
  };
  return (
    <button ref={button} class="round" type="button" aria-label={t('emoji')} aria-expanded={isOpen.value} aria-pressed={isOpen.value} onClick={toggle}>
      {isOpen.value && isOnPhone() ? <Keyboard /> : <Smile />}
    </button>
  );
};

/** Where the panel stands: above the button, or on a phone below the field. Escape leads back to the field. */
export const PanelPlace: FunctionComponent<PanelProps & { isOpen: Signal<boolean>; button: RefObject<HTMLButtonElement | null>; focusField(): void }> = ({ isOpen, button, focusField, ...props }) => {
  const place = useRef<HTMLElement>(null);
  const Panel = isOpen.value ? loaded.value : undefined;
  const isShown = Panel !== undefined;
  useEffect(() => {
    const [anchor, element] = [button.current, place.current];
    if (!isShown || !anchor || !element) return undefined;
    const stop = autoUpdate(anchor, element, () => {
      void computePosition(anchor, element, { strategy: 'fixed', placement: 'top-end', middleware: [offset(8), flip(), shift({ padding: 12 })] }).then(({ x, y }) => {
        element.style.left = `${x}px`;
        element.style.top = `${y}px`;
      });
    });
    // Its menus stand outside of it.
    const stopListening = onPressOutside([element, anchor], () => (isOpen.value = isOnPhone() || document.querySelector('.menu-place') !== null));
    // On a phone, the keyboard comes back in its place.
    const onFocus = ({ target }: Event): void => {
      if (isOnPhone() && target instanceof HTMLElement && target.isContentEditable) isOpen.value = false;
    };
    // Wherever the focus is, Escape is for the panel before it is for the chat; but a dialog or a menu stands above both.
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.isComposing || document.querySelector('dialog[open], .menu-place') !== null) return;
      event.preventDefault();
      event.stopPropagation();
      isOpen.value = false;
      focusField();
    };
    document.addEventListener('focusin', onFocus);
    document.addEventListener('keydown', onKeyDown, true);
    return () => {
      stop();
      stopListening();
      document.removeEventListener('focusin', onFocus);
      document.removeEventListener('keydown', onKeyDown, true);
    };
  }, [isShown]);
  if (!Panel) return null;
  return (
    <section ref={place} class="emoji-panel" aria-label={t('emojiStickersGifs')}>
      <Panel {...props} />
    </section>
  );
};
