"""The four functions of prefect 1.4.1, on an empty tenant without a tight limit of pairs."""

import json
import uuid

from claims import claim, refused, same
from prefect import Client
from prefect.backend import delete_key, get_key_value, list_keys, set_key_value
from prefect.exceptions import AuthorizationError, ClientError
from prefect.utilities.configuration import set_temporary_config

VALUES = {
    "null": None,
    "true and false": [True, False],
    "zero": 0,
    "a negative integer": -7,
    "integers at the edges of 64 bits": [2**63 - 1, -(2**63), 2**64 - 1, 2**64],
    "integers far beyond 64 bits": [10**100, -(2**64) - 1, 123456789012345678901234567890],
    "1.0, which stays a float": 1.0,
    "minus zero": -0.0,
    "floats at their edges": [0.1, 1e22, 5e-324, 1.7976931348623157e308, 2.2250738585072014e-308],
    "an empty string": "",
    "an empty list": [],
    "an empty object": {},
    "empty things inside": [[], {}, "", None, [[]], {"": {}}],
    "strings that look like JSON": ['"quoted"', "null", "true", "1.0", "[1]", '{"a": 1}', "NaN", "\\u0041"],
    "quotes and backslashes": ["'", '"', "\\", '\\"', "\\\\n", '"""', "`$x`", "{{ }}", "a    }"],
    "white space": " \t\r\n leading, trailing \u2028\u2029\u00a0\ufeff",
    "control characters": "".join(map(chr, range(1, 32))) + "\x7f\x80\x9f",
    "NUL": "before\0after",
    "accents and other alphabets": "Müller, naïve, Ελληνικά, русский, 漢字, عربى, हिन्दी",
    "emoji": "😀 👩‍👩‍👧‍👦 🇨🇭 \U0010ffff",
    "lone surrogates": ["\ud800", "a\udfffb", "\ude00\ud83d"],
    "composed and decomposed": ["\u00e9", "e\u0301"],
    "an object in an unusual order": {"b": 1, "a": {"d": [1, {"c": None}], "B": 2}, "A": [3.50]},
    "an object with odd keys": {"": 1, "a.b": 2, "a b": 3, "😀": 4, '"\\': 5, "\0": 6, "__typename": 7, "keys": 8},
    "rows": [{"id": n, "at": f"2021-06-{n:02}T00:00:00+00:00", "ok": n % 2 == 0} for n in range(1, 31)],
}
deep = []
for _ in range(100):
    deep = [deep]
VALUES["a list nested 100 deep"] = deep

KEYS = [
    "my-flow-last-executed",
    "a",
    "A",
    " a",
    "a ",
    "with space",
    "dots.and/slashes\\and:colons?&=#%20",
    "/absolute/path",
    '"double" and \'single\' quotes',
    "back\\slash \\n \\u0041 \\",
    "control \t\r\n\b\f\x01\x1f\x7f",
    "{ braces } ( parens ) $dollar #hash """ + '"""',
    "null",
    "123",
    "%",
    "_",
    "*",
    "é",
    "e\u0301",
    "漢字",
    "emoji 😀 👩‍👩‍👧",
    "\U0010ffff\ufeff\u2028",
    "'; drop table key_value; --",
    "k" * 1024,
]


def values_come_back():
    for what, value in VALUES.items():
        set_key_value("value", value)
        got = get_key_value("value")
        claim(f"a value comes back as it was: {what}", same(got, value), got)
    claim("and all of them were one pair", list_keys() == ["value"])
    delete_key("value")


def keys_are_exact():
    ids = {}
    for number, key in enumerate(KEYS):
        ids[key] = set_key_value(key, number)
        claim(f"set answers a UUID for the key {key[:40]!r}", str(uuid.UUID(ids[key])) == ids[key])
    claim("every key is a pair of its own", len(set(ids.values())) == len(KEYS))
    for number, key in enumerate(KEYS):
        got = get_key_value(key)
        claim(f"get finds the key {key[:40]!r}", same(got, number), got)
    claim("list_keys lists every key, sorted", list_keys() == sorted(KEYS), list_keys())
    for key in KEYS:
        claim(f"delete removes the key {key[:40]!r}", delete_key(key) is True)
        error = refused(ValueError, get_key_value, key)
        claim("and it is gone", str(error) == f"No value found for key: {key}", error)
    claim("after that there are no keys", list_keys() == [])


def overwriting_keeps_the_pair():
    first = set_key_value("foo", {"a": 1})
    second = set_key_value("foo", "bar")
    claim("overwriting keeps the id", first == second, (first, second))
    claim("overwriting replaces the value", same(get_key_value("foo"), "bar"))
    claim("overwriting makes no second pair", list_keys() == ["foo"])
    delete_key("foo")
    claim("a pair set after a delete is a new one", set_key_value("foo", "bar") != first)
    delete_key("foo")


def a_missing_key_is_said():
    error = refused(ValueError, get_key_value, "no-such-key")
    claim("get of a missing key", str(error) == "No value found for key: no-such-key", error)
    error = refused(ValueError, delete_key, "no-such-key")
    claim("delete of a missing key", str(error) == "No key no-such-key found to delete", error)


def nonsense_is_refused_and_changes_nothing():
    set_key_value("foo", "kept")
    for what, value in [("NaN", float("nan")), ("Infinity", [float("inf")]), ("-Infinity", {"a": float("-inf")})]:
        error = refused(ClientError, set_key_value, "foo", value)
        claim(f"{what} is refused", "kept" not in str(error), error)
    for what, key in [("empty", ""), ("over 1,024 bytes", "é" * 513), ("a lone surrogate", "a\ud800")]:
        refused(ClientError, set_key_value, key, 1)
        claim(f"a key is refused that is {what}", list_keys() == ["foo"])
    for key in [None, 1, True, ["foo"], {"foo": 1}]:
        refused(ClientError, set_key_value, key, 1)
        claim(f"a key is refused that is no string: {key!r}", list_keys() == ["foo"])
    for key_value_id in ["not-a-uuid", "", str(uuid.uuid4())]:
        mutation = "mutation($input: delete_key_value_input!) { delete_key_value(input: $input) { success } }"
        call = {"query": mutation, "variables": {"input": {"key_value_id": key_value_id}}}
        try:
            gone = Client().graphql(**call).data.delete_key_value.success
        except ClientError as error:
            gone = any(word in str(error) for word in ("API_ERROR", "INTERNAL"))
        claim(f"delete of the id {key_value_id!r} is refused", not gone)
    claim("and nothing was changed", same(get_key_value("foo"), "kept"))
    delete_key("foo")
    # PostgreSQL's text cannot hold NUL, JSON's can: whatever the server does with it, it answers.
    try:
        set_key_value("nul\0key", 1)
    except ClientError:
        claim("a key with NUL is refused", list_keys() == [])
    else:
        claim("a key with NUL is kept", get_key_value("nul\0key") == 1 and delete_key("nul\0key"))


def a_wrong_key_is_unauthorized():
    right = Client().api_key
    flipped = right[:-8] + ("A" if right[-8] != "A" else "B") + right[-7:]
    calls = [(set_key_value, "foo", 1), (get_key_value, "foo"), (delete_key, "foo"), (list_keys,)]
    for what, wrong in [("garbage", "no-such-key-1"), ("another signature", flipped)]:
        for call, *arguments in calls:
            with set_temporary_config({"cloud.api_key": wrong}):
                error = refused(AuthorizationError, call, *arguments)
            claim(f"{call.__name__} with a wrong key ({what})", wrong not in str(error), error)
    claim("and nothing was written", list_keys() == [])


def the_web_page_and_graphql_agree_on_values():
    literal = 'mutation { set_key_value(input: {key: "foo", value: "\\"bar\\""}) { id } }'
    Client().graphql(literal)
    claim("a string literal in a document is JSON text", same(get_key_value("foo"), "bar"))
    call = {"query": "mutation($v: JSON!) { set_key_value(input: {key: \"foo\", value: $v}) { id } }"}
    Client().graphql(**call, variables={"v": '"bar"'})
    claim("a variable is the value itself", same(get_key_value("foo"), '"bar"'))
    refused(ClientError, Client().graphql, 'mutation { set_key_value(input: {key: "foo", value: "{no"}) { id } }')
    claim("text that is no JSON is refused in a literal", same(get_key_value("foo"), '"bar"'))
    delete_key("foo")


if __name__ == "__main__":
    claim("a new tenant has no keys", list_keys() == [])
    values_come_back()
    keys_are_exact()
    overwriting_keeps_the_pair()
    a_missing_key_is_said()
    nonsense_is_refused_and_changes_nothing()
    a_wrong_key_is_unauthorized()
    the_web_page_and_graphql_agree_on_values()
