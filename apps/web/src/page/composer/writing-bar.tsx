import type { FunctionComponent } from 'preact';
import Pencil from 'lucide-static/icons/pencil.svg';
import ReplyIcon from 'lucide-static/icons/reply.svg';
import X from 'lucide-static/icons/x.svg';
import { useOpenChat } from '../open-chat/open-chat.ts';
import { authorName } from '../parts/names.tsx';
import { describeSnippet } from '../parts/snippet.ts';
import { t } from '../ground/text.ts';

/** What is being answered or edited. */
export const WritingBar: FunctionComponent = () => {
  const open = useOpenChat();
  const writing = open.writing.value;
  if (!writing) return null;
  const { message, kind } = writing;
  const isEdit = kind === 'edit';
  const media = message.media?.kind === 'document' ? message.media.role : message.media?.kind;
  const text = (writing.kind === 'reply' && writing.quote?.text) || describeSnippet({ ...message, media });
  return (
    <div class="writing-bar">
      {isEdit ? <Pencil /> : <ReplyIcon />}
      <button class="writing-of" type="button" onClick={() => void open.jump({ message })}>
        <strong>
          <bdi>{isEdit ? t('editMessage') : t('answers', { name: authorName(message.from) })}</bdi>
        </strong>
        <span dir="auto">{text}</span>
      </button>
      <button class="round" type="button" aria-label={t(isEdit ? 'cancelEdit' : 'cancelReply')} onClick={() => open.stopWriting()}>
        <X />
      </button>
    </div>
  );
};
