/** Parameters that the Bot API had once and that methods still read, and what stands in the reference now. */
export const OLD_PARAMETERS: Readonly<Record<string, string>> = {
  allow_sending_without_reply: 'reply_parameters',
  can_add_web_page_previews: 'permissions',
  can_manage_voice_chats: 'can_manage_video_chats',
  can_send_media_messages: 'permissions',
  can_send_messages: 'permissions',
  can_send_other_messages: 'permissions',
  correct_option_id: 'correct_option_ids',
  disable_web_page_preview: 'link_preview_options',
  reply_to_message_id: 'reply_parameters',
  switch_pm_parameter: 'button',
  switch_pm_text: 'button',
  thumb: 'thumbnail',
};
