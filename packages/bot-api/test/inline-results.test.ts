import { describe, expect, test } from 'vitest';
import { readResultsButton } from '../src/inline/read-button.ts';
import { readResults } from '../src/inline/read-results.ts';
import { paramsOf } from '../src/params/params.ts';

const read = (...results: unknown[]) => readResults(paramsOf({ results: JSON.stringify(results) }));
const one = (result: unknown) => read(result).results[0];
const refusal = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  return 'not refused';
};

const text = { message_text: 'hello' };

describe('results of an inline query', () => {
  test('an article has a text, a link, a picture and buttons', () => {
    const article = {
      type: 'article', id: 'a', title: 'Title', description: 'About it', url: 'https://example.org/', thumbnail_url: 'https://example.org/t.jpg', thumbnail_width: 20, thumbnail_height: 10,
      input_message_content: { message_text: 'a <b>bold</b> text', parse_mode: 'HTML', link_preview_options: { is_disabled: true } },
      reply_markup: { inline_keyboard: [[{ text: 'More', callback_data: 'more' }]] },
    };
    expect(one(article)).toMatchObject({
      _: 'inputBotInlineResult', type: 'article', id: 'a', title: 'Title', description: 'About it', url: 'https://example.org/',
      thumb: { url: 'https://example.org/t.jpg', mime_type: 'image/jpeg', attributes: [{ _: 'documentAttributeImageSize', w: 20, h: 10 }] },
      send_message: {
        _: 'inputBotInlineMessageText', message: 'a bold text', no_webpage: true, entities: [{ _: 'messageEntityBold', offset: 2, length: 4 }],
        reply_markup: { _: 'replyInlineMarkup', rows: [{ buttons: [{ text: 'More', type: { _: 'inlineButtonTypeCallback' } }] }] },
      },
    });
    expect(one({ ...article, hide_url: true })).toMatchObject({ url: undefined, content: { url: 'https://example.org/', mime_type: 'text/html' } });
  });

  test('a text may have a page of its own in its link preview, and the old parameter takes all previews away', () => {
    const article = (content: object) => one({ type: 'article', id: 'a', title: 'T', input_message_content: { ...text, ...content } });
    expect(article({ link_preview_options: { url: 'https://example.org/', prefer_large_media: true, show_above_text: true } })).toMatchObject({
      send_message: { _: 'inputBotInlineMessageMediaWebPage', message: 'hello', url: 'https://example.org/', force_large_media: true, invert_media: true, optional: true },
    });
    expect(article({ disable_web_page_preview: true })).toMatchObject({ send_message: { _: 'inputBotInlineMessageText', no_webpage: true } });
  });

  test('a file at a URL has the type and the attributes that the result says, and its caption', () => {
    const photo = one({ type: 'photo', id: 'p', photo_url: 'https://example.org/p.jpg', thumb_url: 'https://example.org/t.jpg', photo_width: 90, photo_height: 60, caption: '*bold*', parse_mode: 'MarkdownV2', show_caption_above_media: true });
    expect(photo).toMatchObject({
      type: 'photo', thumb: { url: 'https://example.org/t.jpg' }, content: { url: 'https://example.org/p.jpg', mime_type: 'image/jpeg', attributes: [{ _: 'documentAttributeImageSize', w: 90, h: 60 }] },
      send_message: { _: 'inputBotInlineMessageMediaAuto', message: 'bold', invert_media: true, entities: [{ _: 'messageEntityBold' }] },
    });
    expect(one({ type: 'mpeg4_gif', id: 'g', mpeg4_url: 'https://example.org/g.mp4', mpeg4_duration: 3, thumbnail_url: 'https://example.org/t.mp4', thumbnail_mime_type: 'video/mp4' })).toMatchObject({
      type: 'gif', thumb: { mime_type: 'video/mp4' }, content: { mime_type: 'video/mp4', attributes: [{ _: 'documentAttributeVideo', w: 0, h: 0, duration: 3 }] },
    });
    expect(one({ type: 'gif', id: 'g', gif_url: 'https://example.org/g.gif' })).toMatchObject({ type: 'gif', content: { mime_type: 'image/gif' } });
    expect(one({ type: 'video', id: 'v', title: 'V', video_url: 'https://example.org/v', mime_type: 'text/html', input_message_content: text })).toMatchObject({ content: { mime_type: 'text/html' }, send_message: { message: 'hello' } });
    expect(one({ type: 'audio', id: 's', title: 'Song', performer: 'Singer', audio_url: 'https://example.org/s.mp3', audio_duration: 9 })).toMatchObject({
      title: 'Song', content: { mime_type: 'audio/mpeg', attributes: [{ _: 'documentAttributeAudio', title: 'Song', performer: 'Singer', duration: 9 }] },
    });
    expect(one({ type: 'voice', id: 's', title: 'Voice', voice_url: 'https://example.org/s.ogg' })).toMatchObject({ content: { attributes: [{ _: 'documentAttributeAudio', voice: true }] } });
    expect(one({ type: 'document', id: 'd', title: 'Paper', document_url: 'https://example.org/d.pdf', mime_type: 'application/pdf' })).toMatchObject({ type: 'file', title: 'Paper', content: { mime_type: 'application/pdf' } });
  });

  test.each([
    ['photo', 'photo', 'photo'], ['gif', 'gif', 'gif'], ['mpeg4_gif', 'mpeg4', 'gif'], ['video', 'video', 'video'], ['audio', 'audio', 'audio'], ['voice', 'voice', 'voice'],
    ['document', 'document', 'file'], ['sticker', 'sticker', 'sticker'],
  ])('a %s may be a file that the server has', (type, prefix, tlType) => {
    expect(one({ type, id: 'c', [`${prefix}_file_id`]: 'the-id', title: 'T', caption: 'words' })).toMatchObject({ _: 'cached', type: tlType, fileId: 'the-id', send_message: { message: 'words' } });
    expect(refusal(() => one({ type, id: 'c', title: 'T' }))).toBe(`Bad Request: can't parse inline query result: Can't find field "${prefix}_file_id"`);
  });

  test('places and people are sent as what they are, unless the result has another message', () => {
    const venue = { type: 'venue', id: 'v', latitude: 1.5, longitude: '-2.5', title: 'Park', address: 'Street 1', google_place_id: 'g1' };
    expect(one(venue)).toMatchObject({
      type: 'venue', title: 'Park', description: 'Street 1',
      send_message: { _: 'inputBotInlineMessageMediaVenue', geo_point: { lat: 1.5, long: -2.5 }, title: 'Park', provider: 'gplaces', venue_id: 'g1', venue_type: '' },
    });
    expect(one({ ...venue, input_message_content: text })).toMatchObject({ type: 'venue', send_message: { _: 'inputBotInlineMessageText', message: 'hello' } });
    expect(one({ type: 'location', id: 'l', title: 'Here', latitude: 1, longitude: 2, horizontal_accuracy: 3.2, live_period: 60, heading: 90 })).toMatchObject({
      type: 'geo', send_message: { _: 'inputBotInlineMessageMediaGeo', geo_point: { accuracy_radius: 4 }, period: 60, heading: 90 },
    });
    expect(one({ type: 'contact', id: 'c', phone_number: '+1555', first_name: 'Ann', last_name: 'Lee' })).toMatchObject({
      type: 'contact', title: 'Ann Lee', description: '+1555', send_message: { _: 'inputBotInlineMessageMediaContact', phone_number: '+1555', vcard: '' },
    });
    const article = (content: object) => one({ type: 'article', id: 'a', title: 'T', input_message_content: content });
    expect(article({ latitude: 1, longitude: 2 })).toMatchObject({ send_message: { _: 'inputBotInlineMessageMediaGeo' } });
    expect(article({ latitude: 1, longitude: 2, title: 'Park', address: 'Street 1' })).toMatchObject({ send_message: { _: 'inputBotInlineMessageMediaVenue', provider: '' } });
    expect(article({ phone_number: '+1', first_name: 'A' })).toMatchObject({ send_message: { _: 'inputBotInlineMessageMediaContact' } });
  });

  test('pictures alone are shown as a grid', () => {
    const photo = { type: 'photo', id: 'p', photo_file_id: 'x' };
    const article = { type: 'article', id: 'a', title: 'T', input_message_content: text };
    expect(read(photo, { type: 'sticker', id: 's', sticker_file_id: 'y' }).isGallery).toBe(true);
    expect(read(photo, article).isGallery).toBe(false);
    expect(read().isGallery).toBe(false);
  });

  test.each([
    [{}, 'expected an Array of inline query results'],
    [Array.from({ length: 51 }, () => ({})), 'too many inline query results specified'],
    ['[{', "can't parse inline query results JSON object"],
    [[1], "can't parse inline query result: Inline query result must be an object"],
    [[{ id: 'a' }], 'can\'t parse inline query result: Can\'t find field "type"'],
    [[{ type: 'poll', id: 'a' }], 'can\'t parse inline query result: type "poll" is unsupported for the inline query result'],
    [[{ type: 'article', id: 'a', title: 'T' }], "can't parse inline query result: Input message content is not specified"],
    [[{ type: 'article', id: 'a', title: 'T', input_message_content: { message_text: '' } }], "can't parse inline query result: Message text is empty"],
    [[{ type: 'article', id: 'a', title: 'T', input_message_content: { message_text: '<b>x', parse_mode: 'HTML' } }], expect.stringMatching(/^can't parse inline query result: Can't parse entities: /)],
    [[{ type: 'photo', id: 'a', photo_file_id: 'x', reply_markup: { inline_keyboard: [[{ text: 'x' }]] } }], "can't parse inline query result: Can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"],
    [[{ type: 'location', id: 'a', title: 'T', latitude: 'x', longitude: 1 }], 'can\'t parse inline query result: Field "latitude" must be of type Number'],
    [[{ type: 'game', id: 'a', game_short_name: 'g' }], 'RESULT_TYPE_INVALID'],
    [[{ type: 'article', id: 'a', title: 'T', input_message_content: { title: 'Bill', payload: 'p' } }], 'SEND_MESSAGE_TYPE_INVALID'],
  ])('%j is refused', (results, error) => {
    expect(refusal(() => readResults(paramsOf({ results }))).replace('Bad Request: ', '')).toEqual(error);
  });
});

describe('the button above the results', () => {
  const button = (raw: Record<string, unknown>) => readResultsButton(paramsOf(raw));
  test('starts the bot, also by the old parameters', () => {
    const expected = { switch_pm: { _: 'inlineBotSwitchPM', text: 'Log in', start_param: 'in' } };
    expect(button({ button: { text: 'Log in', start_parameter: 'in' } })).toEqual(expected);
    expect(button({ switch_pm_text: 'Log in', switch_pm_parameter: 'in' })).toEqual(expected);
    expect(button({})).toEqual({});
  });

  test('or would open a mini app, which is for the server to refuse', () => {
    expect(button({ button: { text: 'App', web_app: { url: 'https://example.org/' } } })).toEqual({ switch_webview: { _: 'inlineBotWebView', text: 'App', url: 'https://example.org/' } });
  });

  test.each([
    ['[]', "can't parse inline query results button: InlineQueryResultsButton must be an Object"],
    [{ text: 'x' }, "can't parse inline query results button: InlineQueryResultsButton must have exactly one optional field"],
    [{ text: 'x', start_parameter: 'a', web_app: { url: 'b' } }, "can't parse inline query results button: InlineQueryResultsButton must have exactly one optional field"],
    [{ start_parameter: 'a' }, 'can\'t parse inline query results button: Can\'t find field "text"'],
    ['{', "can't parse inline query results button JSON object"],
  ])('%j is refused', (given, error) => {
    expect(refusal(() => button({ button: given }))).toBe(`Bad Request: ${error}`);
  });
});
