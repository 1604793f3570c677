import { computePosition, flip, offset, shift } from '@floating-ui/dom';
import type { ComponentType, FunctionComponent } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import Bold from 'lucide-static/icons/bold.svg';
import Code from 'lucide-static/icons/code.svg';
import EyeOff from 'lucide-static/icons/eye-off.svg';
import Italic from 'lucide-static/icons/italic.svg';
import LinkIcon from 'lucide-static/icons/link.svg';
import Quote from 'lucide-static/icons/text-quote.svg';
import Strikethrough from 'lucide-static/icons/strikethrough.svg';
import Underline from 'lucide-static/icons/underline.svg';
import type { TextKey } from '../../texts/en/index.ts';
import { t } from '../ground/text.ts';
import type { Writer } from './writer.ts';

type Format = Parameters<NonNullable<Writer['editor']>['toggle']>[0];

const FORMATS: readonly { format: Format | 'link'; name: TextKey; icon: ComponentType; keys: string }[] = [
  { format: 'bold', name: 'bold', icon: Bold, keys: 'Control+B' },
  { format: 'italic', name: 'italic', icon: Italic, keys: 'Control+I' },
  { format: 'underline', name: 'underline', icon: Underline, keys: 'Control+U' },
  { format: 'strike', name: 'strikethrough', icon: Strikethrough, keys: 'Control+Shift+X' },
  { format: 'spoiler', name: 'spoiler', icon: EyeOff, keys: 'Control+Shift+P' },
  { format: 'code', name: 'codeFormat', icon: Code, keys: 'Control+Shift+M' },
  { format: 'blockquote', name: 'quoteBlock', icon: Quote, keys: 'Control+Shift+.' },
  { format: 'link', name: 'link', icon: LinkIcon, keys: 'Control+K' },
];

/** The formats, above what is selected in the field. */
export const FormatBar: FunctionComponent<{ writer: Writer }> = ({ writer }) => {
  const element = useRef<HTMLDivElement>(null);
  const rect = writer.selection.value;
  useLayoutEffect(() => {
    const { current } = element;
    if (!current || !rect) return;
    const anchor = { getBoundingClientRect: () => rect };
    void computePosition(anchor, current, { strategy: 'fixed', placement: 'top', middleware: [offset(8), flip(), shift({ padding: 8 })] }).then(({ x, y }) => {
      current.style.left = `${x}px`;
      current.style.top = `${y}px`;
    });
  }, [rect]);
  if (!rect) return null;
  return (
    // The field keeps the focus, and what is selected in it.
    <div ref={element} class="format-bar" role="toolbar" aria-label={t('formatting')} onMouseDown={(event) => event.preventDefault()}>
      {FORMATS.map(({ format, name, icon: Icon, keys }) => (
        <button key={format} type="button" tabIndex={-1} aria-label={t(name)} title={`${t(name)} (${keys.replaceAll('Control', 'Ctrl')})`} aria-keyshortcuts={keys} onClick={() => (format === 'link' ? writer.onLink() : writer.editor?.toggle(format))}>
          <Icon />
        </button>
      ))}
    </div>
  );
};
