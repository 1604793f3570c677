"""python-telegram-bot 13 (Debian's python3-python-telegram-bot): a bot over HTTP, written as its guide does it, behind one JSON request a line on stdin."""
import base64
import hashlib
import io
import json
import os
import sys
import threading
import time
import traceback
import warnings
from concurrent.futures import ThreadPoolExecutor

# Debian's package uses Debian's urllib3, and says so each time.
warnings.simplefilter("ignore")

from telegram import Bot, ChatAction, InlineKeyboardButton, InlineKeyboardMarkup, InlineQueryResultArticle, InputMediaPhoto, InputTextMessageContent, ParseMode, error
from telegram.ext import CallbackQueryHandler, CommandHandler, ExtBot, Filters, InlineQueryHandler, MessageHandler, PollAnswerHandler, PollHandler, Updater
from telegram.utils.request import Request

WRITING = threading.Lock()
# The library has errors by kind, and keeps the code of none.
CODES = {"BadRequest": 400, "ChatMigrated": 400, "InvalidToken": 404, "Conflict": 409, "RetryAfter": 429}


def write(line):
    with WRITING:
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()


def describe(thrown):
    if not isinstance(thrown, error.TelegramError):
        return {"code": 0, "text": "".join(traceback.format_exception(thrown))}
    code = CODES.get(type(thrown).__name__, 0)
    if isinstance(thrown, error.Unauthorized):
        code = 403 if thrown.message.startswith("Forbidden") else 401
    return {"code": code, "text": thrown.message}


class ReportingBot(ExtBot):
    """The library's bot, which also reports the results as they come, before the library reads them."""

    def __init__(self, emit, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.emit = emit

    def _post(self, endpoint, data=None, timeout=None, api_kwargs=None):
        try:
            result = super()._post(endpoint, data, timeout, api_kwargs)
        except error.TelegramError as thrown:
            if not isinstance(thrown, error.NetworkError) or isinstance(thrown, error.BadRequest):
                self.emit({"kind": "refusal", "method": endpoint, **describe(thrown)})
            raise
        self.emit({"kind": "result", "method": endpoint, "result": result})
        return result


class PtbBot:
    def __init__(self, emit):
        self.emit = emit

    def open(self, root, token, photos, sticker):
        request = Request(con_pool_size=8)
        self.bot = ReportingBot(self.emit, token, base_url=f"{root}/bot", base_file_url=f"{root}/file/bot", request=request)
        self.photos = [base64.b64decode(photo) for photo in photos]
        self.sticker = base64.b64decode(sticker)
        me = self.bot.get_me()
        return {"id": me.id, "username": me.username}

    def updater(self):
        updater = Updater(bot=self.bot)
        add = updater.dispatcher.add_handler
        add(CommandHandler("start", self.on_start))
        add(CommandHandler("tea", self.on_tea))
        add(CommandHandler("album", self.on_album))
        add(CommandHandler("pack", self.on_pack))
        add(CommandHandler("poll", self.on_poll))
        add(CommandHandler("close", self.on_close))
        add(PollAnswerHandler(self.on_vote))
        add(PollHandler(self.on_poll_state))
        add(CallbackQueryHandler(self.on_press))
        add(InlineQueryHandler(self.on_query))
        add(MessageHandler(Filters.document, self.on_document))
        add(MessageHandler(Filters.regex("^say (.*)$"), self.on_say))
        updater.dispatcher.add_error_handler(self.on_error)
        return updater

    def on_start(self, update, context):
        payload = "".join(f", {arg}" for arg in context.args)
        update.message.reply_text(f"hello {update.effective_user.first_name}{payload}")

    def on_tea(self, update, context):
        keyboard = InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=label)] for label in ("tea", "coffee")])
        update.message.reply_text("tea or coffee?", reply_markup=keyboard)

    def on_press(self, update, context):
        query = update.callback_query
        query.answer(text=f"one {query.data}", show_alert=True)
        query.edit_message_text(f"<b>{query.data}</b> is coming", parse_mode=ParseMode.HTML)

    def on_pack(self, update, context):
        owner, name = update.effective_user.id, f"pack_by_{self.bot.username}"
        self.bot.create_new_sticker_set(owner, name, "Sea", "🐙", png_sticker=io.BytesIO(self.sticker))
        self.bot.add_sticker_to_set(owner, name, "🦑", png_sticker=io.BytesIO(self.sticker))
        # This old library expects fields of a set that the Bot API has no longer.
        stickers = self.bot._post("getStickerSet", {"name": name})["stickers"]
        update.effective_chat.send_sticker(stickers[1]["file_id"])
        update.effective_chat.send_message("pack of " + ",".join(sticker["emoji"] for sticker in stickers))

    def on_album(self, update, context):
        update.message.reply_media_group([InputMediaPhoto(photo, caption=f"photo {at}", filename=f"{at}.jpg") for at, photo in enumerate(self.photos)])

    def on_document(self, update, context):
        document = update.message.document
        content = document.get_file().download_as_bytearray()
        update.message.reply_text(f"{document.file_name}: {hashlib.sha256(content).hexdigest()}")

    def on_query(self, update, context):
        query = update.inline_query
        query.answer([InlineQueryResultArticle("cup", query.query, InputTextMessageContent(f"a cup of {query.query}"))], cache_time=0)

    def on_poll(self, update, context):
        self.asked = update.effective_message.reply_poll("Which tea?", ["mint", "sage"], is_anonymous=False)

    def on_close(self, update, context):
        poll = self.asked.stop_poll()
        update.effective_message.reply_text(f"{'closed' if poll.is_closed else 'open'} with {poll.total_voter_count}")

    def on_vote(self, update, context):
        answer = update.poll_answer
        chosen = ",".join(self.asked.poll.options[at].text for at in answer.option_ids)
        context.bot.send_message(answer.user.id, f"noted {chosen}")

    def on_poll_state(self, update, context):
        self.emit({"kind": "poll", "isClosed": update.poll.is_closed, "votes": [option.voter_count for option in update.poll.options]})

    def on_say(self, update, context):
        update.effective_chat.send_action(ChatAction.TYPING)
        update.effective_message.reply_text(f"said {context.match[1]}")

    def on_error(self, update, context):
        if isinstance(context.error, error.Conflict):
            self.emit({"kind": "pollingEnded", **describe(context.error)})
        # While the server is down the library goes on trying.
        elif update is not None:
            self.emit({"kind": "broken", "text": str(describe(context.error))})

    def methods(self):
        # Each method has two names; those with capitals are as the reference has them.
        return [name for name in dir(Bot) if name[0] != "_" and name.lower() != name and callable(getattr(Bot, name))]

    def raw(self, method, params):
        return self.bot._post(method, params)

    def send(self, chat, text):
        return {"id": self.bot.send_message(chat, text).message_id}

    def sendPatiently(self, chat, text):
        # The library repeats nothing, so programs do so themselves.
        while True:
            try:
                return self.send(chat, text)
            except error.RetryAfter as wait:
                time.sleep(wait.retry_after)

    def sendFollowing(self, chat, text):
        try:
            self.send(chat, text)
        except error.ChatMigrated as moved:
            chat = moved.new_chat_id
            self.send(chat, text)
        return {"chat": chat}

    def startPolling(self):
        self.running = self.updater()
        self.running.start_polling(timeout=2)

    def stopPolling(self):
        self.running.stop()

    def startWebhook(self, port, secret):
        self.running = self.updater()
        self.running.start_webhook("127.0.0.1", port, secret, webhook_url=f"http://localhost:{port}/{secret}")

    def stopWebhook(self):
        httpd = self.running.httpd
        closed = threading.Event()

        async def close():
            httpd.http_server.stop()
            await httpd.http_server.close_all_connections()
            closed.set()

        # The library leaves the port and connections open, which end with the process otherwise.
        httpd.loop.add_callback(close)
        closed.wait(10)
        self.running.stop()


def main():
    clients = {}
    pool = ThreadPoolExecutor(16)

    def serve(request):
        client = clients[request["client"]]
        try:
            write({"id": request["id"], "result": getattr(client, request["method"])(**request.get("params", {}))})
        except Exception as thrown:
            write({"id": request["id"], "error": describe(thrown)})

    for line in sys.stdin:
        request = json.loads(line)
        name = request["client"]
        if name not in clients:
            clients[name] = PtbBot(lambda event, name=name: write({"client": name, "event": event}))
        pool.submit(serve, request)
    os._exit(0)


main()
