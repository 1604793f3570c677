"""The commands about supergroups and channels, with Telethon's own methods where it has them."""
import time

from telethon import errors, functions, types, utils

RIGHTS = {"change_info": True, "delete_messages": True, "ban_users": True, "invite_users": True, "pin_messages": True}


def invite_hash_of(link):
    """The hash of an invite link, by the library's parser."""
    return utils.parse_username(link)[0]


class SupergroupCommands:
    """A part of the driver's client."""

    async def createChannel(self, title):
        answer = await self.client(functions.channels.CreateChannelRequest(title, "", broadcast=True))
        return {"peer": utils.get_peer_id(answer.chats[0])}

    async def promote(self, peer, user, isAdmin):
        rights = RIGHTS if isAdmin else {"is_admin": False}
        await self.client.edit_admin(self.whom(peer), self.whom(user), **rights)

    async def hide(self, peer):
        await self.client.edit_admin(self.whom(peer), "me", **RIGHTS, add_admins=True, anonymous=True)

    async def mute(self, peer, user, isMuted):
        await self.client.edit_permissions(self.whom(peer), self.whom(user), send_messages=not isMuted)

    async def ban(self, peer, user, isBanned):
        await self.client.edit_permissions(self.whom(peer), self.whom(user), view_messages=not isBanned)

    async def role(self, peer, user):
        try:
            rights = await self.client.get_permissions(self.whom(peer), self.whom(user))
        except errors.UserNotParticipantError:
            return "left"
        if rights.is_creator:
            return "creator"
        if rights.is_admin:
            return "admin"
        if rights.is_banned:
            return "banned" if rights.participant.banned_rights.view_messages else "restricted"
        return "left" if rights.has_left else "member"

    async def slowMode(self, peer, seconds):
        await self.client(functions.channels.ToggleSlowModeRequest(self.whom(peer), seconds))

    async def slowModeWait(self, peer):
        full = (await self.client(functions.channels.GetFullChannelRequest(self.whom(peer)))).full_chat
        return full.slowmode_next_send_date.timestamp() - time.time() if full.slowmode_next_send_date else 0

    async def publicName(self, peer, username):
        await self.client(functions.channels.UpdateUsernameRequest(self.whom(peer), username))

    async def joinByName(self, username):
        channel = await self.client.get_entity(username)
        await self.client(functions.channels.JoinChannelRequest(channel))
        return {"peer": utils.get_peer_id(channel)}

    async def lookAtInvite(self, link):
        answer = await self.client(functions.messages.CheckChatInviteRequest(invite_hash_of(link)))
        if not isinstance(answer, types.ChatInvite):
            return {"peer": utils.get_peer_id(answer.chat)}
        return {"title": answer.title, "members": answer.participants_count, "asks": bool(answer.request_needed)}

    async def joinByInvite(self, link):
        try:
            await self.client(functions.messages.ImportChatInviteRequest(invite_hash_of(link)))
            return {"isMember": True}
        except errors.InviteRequestSentError:
            return {"isMember": False}

    async def answerRequest(self, peer, user, isApproved):
        to, who = await self.own([{"$peer": peer}, {"$user": user}])
        await self.client(functions.messages.HideChatJoinRequestRequest(to, who, approved=isApproved))

    async def mention(self, peer, user, before, name):
        text = f'{before}<a href="tg://user?id={user}">{name}</a>'
        message = await self.client.send_message(self.whom(peer), text, parse_mode="html")
        return {"id": message.id}

    async def mentions(self, peer):
        answer = await self.client(functions.messages.GetUnreadMentionsRequest(
            await self.own({"$peer": peer}), offset_id=0, add_offset=0, limit=100, max_id=0, min_id=0))
        return [message.id for message in answer.messages]

    async def readMentions(self, peer):
        await self.client(functions.messages.ReadMentionsRequest(await self.own({"$peer": peer})))

    async def pinned(self, peer):
        rows = await self.client.get_messages(self.whom(peer), filter=types.InputMessagesFilterPinned(), limit=100)
        return [message.id for message in rows]

    async def readers(self, peer, id):
        # The library's layer names the readers without the time when they read.
        return await self.client(functions.messages.GetMessageReadParticipantsRequest(await self.own({"$peer": peer}), id))

    async def migrate(self, peer):
        answer = await self.client(functions.messages.MigrateChatRequest(-peer))
        return {"peer": next(utils.get_peer_id(chat) for chat in answer.chats if isinstance(chat, types.Channel))}

    async def giveAway(self, peer, user, password):
        from telethon.password import compute_check
        proof = compute_check(await self.client(functions.account.GetPasswordRequest()), password)
        await self.client(functions.channels.EditCreatorRequest(self.whom(peer), await self.own({"$user": user}), proof))

    async def sendAs(self, peer, text, **rest):
        to, sender = await self.own([{"$peer": peer}, {"$peer": rest["as"]}])
        answer = await self.client(functions.messages.SendMessageRequest(to, text, send_as=sender))
        return {"id": next(update.id for update in answer.updates if isinstance(update, types.UpdateMessageID))}

    async def adminLog(self, peer, words=None):
        events = await self.client.get_admin_log(self.whom(peer), search=words, limit=100)
        names = [type(event.action).__name__.removeprefix("ChannelAdminLogEventAction") for event in events]
        return [{"by": event.user_id, "what": what} for event, what in zip(events, names)]

    async def deleteGroup(self, peer):
        await self.client(functions.channels.DeleteChannelRequest(self.whom(peer)))
