"""The functions of prominence 0.21.0, on an empty namespace."""

from prominence import ProminenceClient, exceptions


def claim(text, holds, found=None):
    assert holds, f"does not hold: {text}; found: {found!r}"
    print("ok:", text, flush=True)


def refused(error, call, *arguments):
    try:
        result = call(*arguments)
    except error as raised:
        return str(raised)
    raise AssertionError(f"expected {error.__name__}, got {result!r}")


client = ProminenceClient(authenticated=True)

VALUES = {
    "a line": "example string",
    "accents, emoji, quotes": "Müller 😀 '\"\\",
    "JSON stays text": '{"a": [1.0, null]}',
    "a number stays text": "007",
    "NUL and control characters": "a\0b\x01\x7f",
    "line ends": "a\r\nb\n",
    "16 KB": "x" * 16_384,
}
for name, value in VALUES.items():
    client.kv_set("value", value.encode())
    found = client.kv_get("value")
    claim(f"{name} comes back as it was set", found == value, found)
client.kv_set("value", "Müller")
claim("a str is set as UTF-8", client.kv_get("value") == "Müller")

for key in ["a/b", "a/b/c", "ab", "/leading", "with space", "é/ü", "a//b", "dir/"]:
    client.kv_set(key, key.encode())
    claim(f"the key {key!r} is found again", client.kv_get(key) == key)
keys = client.kv_list()
claim("a list has every key, in byte order", keys == sorted(keys, key=str.encode) and len(keys) == 9, keys)
claim("a listed key begins with a slash", all(key.startswith("/") for key in keys), keys)
claim("one leading slash is no part of a key", client.kv_get("leading") == "/leading")
claim("a prefix is one of bytes", client.kv_list("/a") == ["/a//b", "/a/b", "/a/b/c", "/ab"], client.kv_list("/a"))
claim("an unknown prefix is an empty list", client.kv_list("nothing") == [])

refused(exceptions.NoSuchKey, client.kv_get, "missing")
claim("a missing key is NoSuchKey", True)
message = refused(exceptions.KeyValueError, client.kv_set, "value", b"")
claim("an empty value is refused", message == "No value provided", message)
message = refused(exceptions.KeyValueError, client.kv_set, "value", b"x" * 16_385)
claim("a value over 16 KB is refused", message == "Content of value too large", message)
claim("a refused value leaves the old one", client.kv_get("value") == "Müller")

claim("a deleted key is gone", client.kv_delete("ab", False) and "/ab" not in client.kv_list())
claim("deleting it again is as good", client.kv_delete("ab", False))
claim("a prefix is deleted whole", client.kv_delete("/a/", True) and client.kv_list("a") == [])
refused(exceptions.ConnectionError, client.kv_delete, "/", True)
claim("the whole store is not deleted by an empty prefix", len(client.kv_list()) == 5, client.kv_list())
