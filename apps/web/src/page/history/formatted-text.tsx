import type { ComponentChildren, FunctionComponent, VNode } from 'preact';
import { useSignal } from '@preact/signals';
import type { TextEntity } from '../../protocol/index.ts';
import { chatAddress } from '../app/route.ts';
import { pieces, type Piece } from '../parts/pieces.ts';
import { safeTarget } from '../parts/safe-target.ts';

/** Text that is hidden until one presses it. */
const Spoiler: FunctionComponent<{ children?: ComponentChildren }> = ({ children }) => {
  const isShown = useSignal(false);
  return (
    <span class={`spoiler${isShown.value ? ' is-shown' : ''}`} role="button" tabIndex={0} onClick={() => (isShown.value = true)} onKeyDown={({ key }) => (isShown.value ||= key === 'Enter' || key === ' ')}>
      {children}
    </span>
  );
};

/** A link. One whose text differs from where it leads asks first. */
const Link: FunctionComponent<{ target: string; children?: ComponentChildren }> = ({ target, children }) => (
  <a href={target} target="_blank" rel="noopener noreferrer">
    {children}
  </a>
);

function wrap(entity: TextEntity, text: string, children: ComponentChildren): VNode {
  switch (entity.kind) {
    case 'bold':
      return <strong>{children}</strong>;
    case 'italic':
      return <em>{children}</em>;
    case 'underline':
      return <u>{children}</u>;
    case 'strike':
      return <s>{children}</s>;
    case 'spoiler':
      return <Spoiler>{children}</Spoiler>;
    case 'code':
      return <code>{children}</code>;
    case 'pre':
      return <pre>{children}</pre>;
    case 'blockquote':
      return <blockquote>{children}</blockquote>;
    case 'userMention':
      return entity.user === undefined ? <>{children}</> : <a href={chatAddress(entity.user)}>{children}</a>;
    case 'url':
    case 'link':
    case 'email':
    case 'phone': {
      const target = safeTarget(entity, text);
      return target === undefined ? <>{children}</> : <Link target={target}>{children}</Link>;
    }
    case 'mention':
      return <a href={`#/link/${text.replace(/^@/, '')}`}>{children}</a>;
    default:
      return <>{children}</>;
  }
}

const draw = (piece: Piece): ComponentChildren => (typeof piece === 'string' ? piece : wrap(piece.entity, piece.text, piece.children.map(draw)));

/** Draws a text with its formatting: text nodes and elements only, never markup. */
export const FormattedText: FunctionComponent<{ text: string; entities?: TextEntity[] }> = ({ text, entities }) => <>{pieces(text, entities ?? []).map(draw)}</>;
