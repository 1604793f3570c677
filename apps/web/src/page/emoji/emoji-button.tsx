import { autoUpdate, computePosition, flip, offset, shift } from '@floating-ui/dom';
import type { ComponentType, FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import Smile from 'lucide-static/icons/smile.svg';
import { t } from '../ground/text.ts';
import { onPressOutside } from '../parts/press-outside.ts';
import type { EmojiPickerProps } from './emoji-picker.tsx';

/** The button that shows emoji. They are loaded then. */
export const EmojiButton: FunctionComponent<{ onChoose(emoji: string): void }> = ({ onChoose }) => {
  const isOpen = useSignal(false);
  const loaded = useSignal<{ Picker: ComponentType<EmojiPickerProps> } | undefined>(undefined);
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const close = (): void => {
    isOpen.value = false;
    button.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !isOpen.value) return;
    event.preventDefault();
    close();
  };
  const toggle = (): void => {
    isOpen.value = !isOpen.value;
    if (!loaded.value) void import('./emoji-picker.tsx').then(({ EmojiPicker }) => (loaded.value = { Picker: EmojiPicker }));
  };
  const Picker = isOpen.value ? loaded.value?.Picker : undefined;
  const isShown = Picker !== undefined;
  useEffect(() => {
    const [anchor, element] = [button.current, panel.current];
    if (!isShown || !anchor || !element) return undefined;
    const stop = autoUpdate(anchor, element, () => {
      void computePosition(anchor, element, { strategy: 'fixed', placement: 'top-end', middleware: [offset(8), flip(), shift({ padding: 8 })] }).then(({ x, y }) => {
        element.style.left = `${x}px`;
        element.style.top = `${y}px`;
      });
    });
    const stopListening = onPressOutside([element, anchor], () => (isOpen.value = false));
    return () => {
      stop();
      stopListening();
    };
  }, [isShown]);
  return (
    <>
      <button ref={button} class="round" type="button" aria-label={t('emoji')} aria-haspopup="dialog" aria-expanded={isOpen.value} onClick={toggle} onKeyDown={onKeyDown}>
        <Smile />
      </button>
      {Picker && (
        <div ref={panel} class="emoji-picker" role="dialog" aria-label={t('emoji')} onKeyDown={onKeyDown}>
          <Picker onChoose={onChoose} />
        </div>
      )}
    </>
  );
};
