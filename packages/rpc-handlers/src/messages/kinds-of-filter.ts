import type { MessageKind } from '@aerogram/domain';
import type { tl } from '@aerogram/tl';

/** The message kinds that a filter includes; undefined: all. */
export function kindsOfFilter(filter: tl.MessagesFilter): readonly MessageKind[] | undefined {
  switch (filter._) {
    case 'inputMessagesFilterEmpty':
      return undefined;
    case 'inputMessagesFilterPhotos':
      return ['photo'];
    case 'inputMessagesFilterVideo':
      return ['video'];
    case 'inputMessagesFilterPhotoVideo':
      return ['photo', 'video'];
    case 'inputMessagesFilterDocument':
      return ['document'];
    case 'inputMessagesFilterUrl':
      return ['url'];
    case 'inputMessagesFilterGif':
      return ['gif'];
    case 'inputMessagesFilterVoice':
      return ['voice'];
    case 'inputMessagesFilterMusic':
      return ['music'];
    case 'inputMessagesFilterChatPhotos':
      return ['chat_photo'];
    case 'inputMessagesFilterPhoneCalls':
      return [filter.missed === true ? 'missed_call' : 'call'];
    case 'inputMessagesFilterRoundVoice':
      return ['round', 'voice'];
    case 'inputMessagesFilterRoundVideo':
      return ['round'];
    case 'inputMessagesFilterMyMentions':
      return ['mention'];
    case 'inputMessagesFilterGeo':
      return ['geo'];
    case 'inputMessagesFilterContacts':
      return ['contact'];
    case 'inputMessagesFilterPinned':
      return ['pinned'];
    case 'inputMessagesFilterPoll':
      return ['poll'];
  }
}
