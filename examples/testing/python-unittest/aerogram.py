"""A cloud for tests, by the control API of @aerogram/testing: people and bots as plain objects. Needs Node, and nothing but Python's own modules."""
import json
import subprocess
import urllib.error
import urllib.request


class CloudError(Exception):
    """An operation failed: nothing came in time, or the cloud refused it. The text has the talk as the person saw it."""

    def __init__(self, error):
        super().__init__("\n".join(filter(None, [error["message"], error.get("talk")])))
        self.code = error["code"]
        self.refusal = error.get("refusal")


class Cloud:
    """A server of its own. `with Cloud() as cloud:` stops it at the end; it also ends with this process, however that ends."""

    def __init__(self):
        # The server ends when its input is closed, which the system does when this process is gone.
        command = ["npx", "--no-install", "aerogram-testing", "serve", "--json", "--until-input-ends"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the cloud did not start; see the lines above")
        ready = json.loads(line)
        self.api_root = ready["apiRoot"]
        self._control_url = ready["controlUrl"]
        self._secret = ready["secret"]

    def call(self, operation, **params):
        """Runs an operation of the control API and returns its result."""
        headers = {"Authorization": f"Bearer {self._secret}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{self._control_url}/v1/{operation}", json.dumps(params).encode(), headers)
        try:
            with urllib.request.urlopen(request) as response:
                return json.load(response)["result"]
        except urllib.error.HTTPError as failure:
            raise CloudError(json.load(failure)["error"]) from None

    def person(self, name):
        return Person(self, self.call("people.create", name=name))

    def bot(self, name):
        """Makes a bot: a dictionary with `id`, `username`, `name` and `token`."""
        return self.call("bots.create", name=name)

    def stop(self):
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Person:
    """Somebody who uses an app. A chat is the id of a bot or person, `@username`, or the id of a group."""

    def __init__(self, cloud, made):
        self._cloud = cloud
        self.id = made["id"]
        self.name = made["name"]

    def _do(self, operation, **params):
        return self._cloud.call(f"people.{operation}", person=self.id, **params)

    def send(self, chat, text):
        return self._do("send", chat=chat, text=text)

    def next(self, chat, text=None, **match):
        """Waits for the next message of the other side that contains `text`."""
        return self._do("next", chat=chat, match={**match, **({} if text is None else {"text": text})})

    def edited(self, chat, message_id, text):
        """Waits until a message contains `text`."""
        return self._do("edited", chat=chat, id=message_id, match={"text": text})

    def press(self, chat, label):
        """Presses a button of the newest message that has it, and waits for the bot's answer."""
        return self._do("press", chat=chat, label=label)
