"""Telethon (Debian's python3-telethon): its high-level client behind one JSON request a line on stdin."""
import asyncio
import base64
import datetime
import json
import logging
import os
import random
import sys
import traceback

try:
    from telethon import TelegramClient, errors, events, functions, types, utils
    from telethon.crypto import rsa
    from telethon.network import connection as transports
    from telethon.sessions import StringSession
except ImportError:
    print(json.dumps({"missing": "python3-telethon"}), flush=True)
    sys.exit(0)

from telethon_bots import BotCommands
from telethon_files import FileCommands
from telethon_groups import GroupCommands
from telethon_media import MediaCommands
from telethon_supergroups import SupergroupCommands


class RepairedHttpCodec(transports.ConnectionHttp.packet_codec):
    """The library's reader with one comparison put right: it compares a byte of a line with bytes, which never match,
    and so takes every answer of every server for a closed connection."""

    async def read_packet(self, reader):
        while True:
            line = await reader.readline()
            if not line.endswith(b"\n"):
                raise asyncio.IncompleteReadError(line, None)
            if line.lower().startswith(b"content-length: "):
                await reader.readexactly(2)
                return await reader.readexactly(int(line[16:-2]))


class RepairedHttp(transports.ConnectionHttp):
    packet_codec = RepairedHttpCodec


class RepairedSession(StringSession):
    """The library's session with one answer put right: by an unmarked id it finds a channel and returns it as a user, so that states of
    channels cannot be restored. Sessions in files do this correctly."""

    def get_entity_rows_by_id(self, id, exact=True):
        ids = [id] if exact else [utils.get_peer_id(peer(id)) for peer in (types.PeerUser, types.PeerChat, types.PeerChannel)]
        return next(((row[0], row[1]) for row in self._entities if row[0] in ids), None)


TRANSPORTS = {
    "full": transports.ConnectionTcpFull,
    "abridged": transports.ConnectionTcpAbridged,
    "intermediate": transports.ConnectionTcpIntermediate,
    "obfuscated": transports.ConnectionTcpObfuscated,
    "http": RepairedHttp,
}

if os.environ.get("TELETHON_LOG"):
    logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)


def write(line):
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def message_of(message):
    if isinstance(message, types.MessageService):
        text = "action:" + type(message.action).__name__
    else:
        text = message.message
    reply = getattr(message, "reply_to", None)
    return {
        "id": message.id,
        "peer": utils.get_peer_id(message.peer_id),
        "from": utils.get_peer_id(message.from_id or message.peer_id),
        "out": bool(message.out),
        "text": text,
        "replyTo": reply.reply_to_msg_id if reply else None,
        "forward": bool(getattr(message, "fwd_from", None)),
        "edited": bool(getattr(message, "edit_date", None)),
        "mentioned": bool(message.mentioned),
    }


def plain_name(name):
    return name[0].lower() + name[1:]


def class_of(name, suffix=""):
    """The library's class for a name of the schema, or None."""
    group, _, local = name.rpartition(".")
    space = functions if suffix else types
    if group:
        space = getattr(space, group, None)
    return getattr(space, local[0].upper() + local[1:] + suffix, None)


def plain(value):
    """What the library has, as plain values. Integers that a double does not hold go as text."""
    if isinstance(value, bool) or value is None or isinstance(value, (str, float)):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2 ** 53 else str(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime.datetime):
        return int(value.timestamp())
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {key: plain_name(one) if key == "_" else plain(one) for key, one in value.items()}
    return plain(value.to_dict())


class TelethonClient(BotCommands, FileCommands, MediaCommands, GroupCommands, SupergroupCommands):
    def __init__(self, emit):
        self.emit = emit
        self.session = RepairedSession()
        self.polling = None
        # People by id as updates brought them: the library itself looks numbers up only among what answers brought.
        self.people = {}

    async def open(self, server, transport, session=None, pfs=False):
        for key in server["public_keys"]:
            rsa.add_key(key["pem"], old=False)
        # The session keeps in memory what it would keep in a file: people, and the states of the account and of its channels.
        catch_up = self.session.get_update_state(0) is not None
        if session:
            self.session = RepairedSession(session)
        self.session.set_dc(server["dc_id"], server["mtproto"]["host"], server["mtproto"]["port"])
        self.client = TelegramClient(
            self.session,
            1,
            "0123456789abcdef0123456789abcdef",
            connection=TRANSPORTS[transport],
            connection_retries=300,
            retry_delay=0.2,
            request_retries=20,
            catch_up=catch_up,
            sequential_updates=True,
        )
        self.client.add_event_handler(self.on_update, events.Raw())
        await self.client.connect()
        if transport == "http":
            self.polling = asyncio.create_task(self.poll())

    async def poll(self):
        """Over HTTP a server speaks when it is spoken to, and the library never asks: pings carry the updates home."""
        while True:
            await asyncio.sleep(0.2)
            if self.client.is_connected():
                await self.client(functions.PingRequest(random.getrandbits(62)))

    def whom(self, peer):
        return self.people.get(peer, peer)

    async def on_update(self, update):
        for entity in (getattr(update, "_entities", None) or {}).values():
            self.people[utils.get_peer_id(entity)] = utils.get_input_peer(entity)
        if isinstance(update, (types.UpdateNewMessage, types.UpdateNewChannelMessage)):
            self.emit({"kind": "message", **message_of(update.message)})
        elif isinstance(update, types.UpdateShortMessage):
            reply = update.reply_to
            self.emit({
                "kind": "message", "id": update.id, "peer": update.user_id, "out": bool(update.out), "text": update.message,
                "replyTo": reply.reply_to_msg_id if reply else None, "forward": bool(update.fwd_from), "edited": False,
            })
        elif isinstance(update, (types.UpdateEditMessage, types.UpdateEditChannelMessage)):
            self.emit({"kind": "edit", **message_of(update.message)})
        elif isinstance(update, (types.UpdateDeleteMessages, types.UpdateDeleteChannelMessages)):
            self.emit({"kind": "delete", "ids": update.messages})
        elif isinstance(update, types.UpdateReadHistoryInbox):
            self.emit({"kind": "readInbox", "peer": utils.get_peer_id(update.peer), "maxId": update.max_id})
        elif isinstance(update, types.UpdateReadHistoryOutbox):
            self.emit({"kind": "readOutbox", "peer": utils.get_peer_id(update.peer), "maxId": update.max_id})
        elif isinstance(update, types.UpdateReadChannelOutbox):
            self.emit({"kind": "readOutbox", "peer": utils.get_peer_id(types.PeerChannel(update.channel_id)), "maxId": update.max_id})
        elif isinstance(update, types.UpdateUserTyping):
            self.emit({"kind": "typing", "peer": update.user_id, "action": type(update.action).__name__})
        elif isinstance(update, types.UpdateChatUserTyping):
            self.emit({"kind": "typing", "peer": -update.chat_id, "action": type(update.action).__name__})
        else:
            self.emit({"kind": "update", "update": plain(update)})

    async def invoke(self, method, args):
        """Calls a method by its name in the schema."""
        return plain(await self.client(class_of(method, "Request")(**await self.own(args))))

    async def knows(self, method):
        return class_of(method, "Request") is not None

    async def own(self, value):
        """Plain values as the library has them; see `Plain` in driver-client.ts."""
        if isinstance(value, list):
            return [await self.own(one) for one in value]
        if not isinstance(value, dict):
            return value
        if "$peer" in value:
            return await self.client.get_input_entity(self.whom(value["$peer"]))
        if "$user" in value:
            return utils.get_input_user(await self.client.get_input_entity(self.whom(value["$user"])))
        if "$long" in value:
            return int(value["$long"])
        if "$bytes" in value:
            return bytes.fromhex(value["$bytes"])
        fields = {key: await self.own(one) for key, one in value.items() if key != "_"}
        return class_of(value["_"])(**fields) if "_" in value else fields

    async def sendMarkup(self, peer, markup, text):
        """Sends a text in the library's own markup."""
        message = await self.client.send_message(self.whom(peer), text, parse_mode="html" if markup == "html" else "md")
        return {"id": message.id}

    async def login(self, phone, code, firstName, password=None):
        await self.client.send_code_request(phone)
        signed_up = False
        try:
            user = await self.client.sign_in(phone, code)
        except errors.SessionPasswordNeededError:
            if password is None:
                raise
            user = await self.client.sign_in(password=password)
        except errors.PhoneNumberUnoccupiedError:
            signed_up = True
            user = await self.client.sign_up(code, firstName, phone=phone)
        user = await self.client.get_me()
        return {"id": user.id, "firstName": user.first_name, "signedUp": signed_up}

    async def loginByQr(self, password=None):
        """Shows a QR code as an event and waits until it was read; `password` is for accounts that have one."""
        shown = await self.client.qr_login()
        self.emit({"kind": "qr", "token": base64.urlsafe_b64encode(shown.token).decode("ascii").rstrip("=")})
        try:
            await shown.wait(timeout=30)
        except errors.SessionPasswordNeededError:
            if password is None:
                raise
            await self.client.sign_in(password=password)
        return {"id": (await self.client.get_me()).id}

    async def acceptQr(self, token):
        await self.client(functions.auth.AcceptLoginTokenRequest(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))))

    async def setPassword(self, current=None, password=None, hint=""):
        """Sets, changes or (without `password`) removes the cloud password."""
        await self.client.edit_2fa(current_password=current, new_password=password, hint=hint)

    async def devices(self):
        return len((await self.client(functions.account.GetAuthorizationsRequest())).authorizations)

    async def me(self):
        user = await self.client.get_me()
        return {"id": user.id, "firstName": user.first_name}

    async def addContact(self, phone, firstName):
        answer = await self.client(functions.contacts.ImportContactsRequest(
            [types.InputPhoneContact(1, phone, firstName, "")]))
        return {"id": answer.imported[0].user_id if answer.imported else None}

    async def profile(self, peer):
        """What the library shows of somebody."""
        answer = await self.client(functions.users.GetFullUserRequest(await self.client.get_input_entity(self.whom(peer))))
        user = next(one for one in answer.users if one.id == answer.full_user.id)
        status = type(user.status).__name__ if user.status else None
        return {"phone": user.phone, "username": user.username, "status": status and status[0].lower() + status[1:],
                "about": answer.full_user.about, "blocked": bool(answer.full_user.blocked)}

    async def setProfile(self, about, username):
        await self.client(functions.account.UpdateProfileRequest(about=about))
        await self.client(functions.account.UpdateUsernameRequest(username))

    async def block(self, peer, blocked):
        request = functions.contacts.BlockRequest if blocked else functions.contacts.UnblockRequest
        await self.client(request(await self.client.get_input_entity(self.whom(peer))))

    async def hideFrom(self, peer):
        """Hides the own number and last seen from one person and shows them to everybody else."""
        users = [utils.get_input_user(await self.client.get_input_entity(self.whom(peer)))]
        for key in (types.InputPrivacyKeyPhoneNumber(), types.InputPrivacyKeyStatusTimestamp()):
            rules = [types.InputPrivacyValueDisallowUsers(users), types.InputPrivacyValueAllowAll()]
            await self.client(functions.account.SetPrivacyRequest(key, rules))

    async def send(self, peer, text, replyTo=None):
        message = await self.client.send_message(self.whom(peer), text, reply_to=replyTo)
        return {"id": message.id}

    async def sendAll(self, peer, texts):
        await self.client([functions.messages.SendMessageRequest(await self.client.get_input_entity(self.whom(peer)), text) for text in texts], ordered=True)

    async def sendTwice(self, peer, text):
        request = functions.messages.SendMessageRequest(await self.client.get_input_entity(self.whom(peer)), text)
        ids = []
        for _ in range(2):
            answer = await self.client(request)
            if isinstance(answer, types.UpdateShortSentMessage):
                ids.append(answer.id)
            else:
                ids.append(next(u.id for u in answer.updates if isinstance(u, types.UpdateMessageID)))
        return {"ids": ids}

    async def edit(self, peer, id, text):
        await self.client.edit_message(self.whom(peer), id, text)

    async def delete(self, peer, ids):
        await self.client.delete_messages(self.whom(peer), ids, revoke=True)

    async def forward(self, to, ids, **rest):
        # "from" is a keyword of the language, so it comes in the rest.
        messages = await self.client.forward_messages(self.whom(to), ids, self.whom(rest["from"]))
        return {"ids": [message.id for message in messages]}

    async def read(self, peer, maxId):
        await self.client.send_read_acknowledge(self.whom(peer), max_id=maxId)

    async def typing(self, peer):
        await self.client(functions.messages.SetTypingRequest(
            await self.client.get_input_entity(self.whom(peer)), types.SendMessageTypingAction()))

    async def history(self, peer, limit, offsetId=0):
        answer = await self.client(functions.messages.GetHistoryRequest(
            await self.client.get_input_entity(self.whom(peer)), offsetId, None, 0, limit, 0, 0, 0))
        return [message_of(message) for message in answer.messages]

    async def search(self, peer, text):
        entity = None if peer is None else self.whom(peer)
        return [row.message async for row in self.client.iter_messages(entity, search=text)]

    async def pages(self, peer, page):
        texts = []
        offset = 0
        while True:
            rows = await self.client.get_messages(self.whom(peer), limit=page, offset_id=offset)
            texts.extend(row.message for row in rows)
            if len(rows) < page:
                return texts
            offset = rows[-1].id

    async def dialogs(self):
        dialogs = await self.client.get_dialogs()
        return [{"peer": d.id, "unread": d.unread_count, "top": d.message.id if d.message else None} for d in dialogs]

    async def takeOut(self, peer):
        """Exports what the library's own export of all data gives: texts of a chat, and contacts without an account."""
        async with self.client.takeout(contacts=True, users=True) as takeout:
            saved = await takeout(functions.contacts.GetSavedRequest())
            texts = [row.message async for row in takeout.iter_messages(self.whom(peer), wait_time=0) if row.message]
        return {"unmatched": [row.phone for row in saved], "texts": texts}

    async def export(self):
        return self.session.save()

    async def close(self):
        if self.polling:
            self.polling.cancel()
        await self.client.disconnect()

    async def logOut(self):
        await self.client.log_out()


def describe(error):
    if isinstance(error, errors.RPCError):
        # The library keeps the server's own text only as its class: FooBarError stands for FOO_BAR.
        is_known = type(error).__module__.endswith("rpcerrorlist")
        text = None if is_known else getattr(error, "message", None)
        return {"code": error.code or 0, "text": text or type(error).__name__}
    return {"code": 0, "text": "".join(traceback.format_exception(error))}


async def main():
    clients = {}
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=2 ** 24)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    tasks = set()

    async def serve(request):
        name = request["client"]
        if name not in clients:
            clients[name] = TelethonClient(lambda event: write({"client": name, "event": event}))
        try:
            result = await getattr(clients[name], request["method"])(**request.get("params", {}))
            write({"id": request["id"], "result": result})
        except Exception as error:
            write({"id": request["id"], "error": describe(error)})

    while line := await reader.readline():
        task = loop.create_task(serve(json.loads(line)))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
    os._exit(0)


asyncio.run(main())
