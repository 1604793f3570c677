"""Telethon reads TL objects ({name: hex} as JSON on stdin) and writes them again ({layer, objects: {name: {class, bytes, left}}} on stdout)."""
import json
import struct
import sys

from telethon.extensions import BinaryReader
from telethon.tl.alltlobjects import LAYER

VECTOR = 0x1CB5C415
TRUE, FALSE = 0x997275B5, 0xBC799737


def write(value):
    if isinstance(value, bool):
        return struct.pack("<I", TRUE if value else FALSE)
    if isinstance(value, list):
        return struct.pack("<II", VECTOR, len(value)) + b"".join(write(item) for item in value)
    return bytes(value)


def read(data):
    reader = BinaryReader(data)
    try:
        value = reader.tgread_object()
        return {"class": type(value).__name__, "bytes": write(value).hex(), "left": len(data) - reader.tell_position()}
    except Exception as error:  # the test shows what the library said
        return {"class": type(error).__name__, "bytes": str(error), "left": -1}
    finally:
        reader.close()


objects = {name: read(bytes.fromhex(data)) for name, data in json.load(sys.stdin).items()}
json.dump({"layer": LAYER, "objects": objects}, sys.stdout)
