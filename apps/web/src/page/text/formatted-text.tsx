import type { ComponentChildren, FunctionComponent, VNode } from 'preact';
import type { TextEntity } from '../../protocol/index.ts';
import { chatAddress } from '../ground/route.ts';
import { pieces, type Piece } from '../parts/pieces.ts';
import { safeTarget } from '../parts/safe-target.ts';
import { CommandLink } from './command-link.tsx';
import { Link } from './link.tsx';
import { LongQuote } from './long-quote.tsx';
import { Spoiler } from './spoiler.tsx';
import { TagLink } from './tag-link.tsx';
import { TextEmoji } from './text-emoji.tsx';

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
      return <pre data-language={entity.language}>{children}</pre>;
    case 'blockquote':
      return entity.isCollapsed ? <LongQuote>{children}</LongQuote> : <blockquote>{children}</blockquote>;
    case 'userMention':
      return entity.user === undefined ? <>{children}</> : <a href={chatAddress(entity.user)}>{children}</a>;
    case 'url':
    case 'link':
    case 'email':
    case 'phone': {
      const target = safeTarget(entity, text);
      if (target === undefined) return <>{children}</>;
      const isTextItself = entity.kind === 'email' || entity.kind === 'phone';
      return (
        <Link target={target} shown={isTextItself ? target : text}>
          {children}
        </Link>
      );
    }
    case 'botCommand':
      return <CommandLink command={text}>{children}</CommandLink>;
    case 'hashtag':
    case 'cashtag':
      return <TagLink tag={text}>{children}</TagLink>;
    case 'customEmoji':
      return entity.emoji === undefined ? <>{children}</> : <TextEmoji id={entity.emoji}>{children}</TextEmoji>;
    case 'mention':
      return <a href={`#/link/${encodeURIComponent(text.replace(/^@/, ''))}`}>{children}</a>;
    default:
      return <>{children}</>;
  }
}

const isBlock = (piece: Piece | undefined): boolean => typeof piece === 'object' && (piece.entity.kind === 'pre' || piece.entity.kind === 'blockquote');

/** Draws parts that follow each other. The line feed after a block ends its last line; it does not make another one. */
function draw(parts: readonly Piece[]): ComponentChildren {
  return parts.map((piece, index) => {
    if (typeof piece !== 'string') return wrap(piece.entity, piece.text, draw(piece.children));
    if (!piece.startsWith('\n') || !isBlock(parts[index - 1])) return piece;
    return [<span class="line-end">{'\n'}</span>, piece.slice(1)];
  });
}

/** Draws a text with its formatting: text nodes and elements only, never markup. */
export const FormattedText: FunctionComponent<{ text: string; entities?: TextEntity[] }> = ({ text, entities }) => <>{draw(pieces(text, entities ?? []))}</>;
