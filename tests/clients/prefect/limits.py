"""The free tier, as prefect 1.4.1 meets it: 10 pairs of 10,000 bytes. Needs an empty tenant."""

import json

from claims import claim, refused
from prefect import Client
from prefect.backend import delete_key, get_key_value, list_keys, set_key_value
from prefect.exceptions import ClientError

SET = "mutation($input: set_key_value_input!) { set_key_value(input: $input) { id } }"


def set_past_the_client(key, value):
    """As a client without the size check of 1.4.1 would."""
    return Client().graphql(SET, variables={"input": {"key": key, "value": value}})


def a_value_has_10_000_bytes():
    full = "x" * 9_998
    assert len(json.dumps(full)) == 10_000
    set_key_value("size", full)
    claim("a value of exactly 10,000 bytes is taken", get_key_value("size") == full)
    error = refused(ValueError, set_key_value, "size", full + "x")
    claim("the client refuses one more itself", str(error) == "Value payload exceedes 10 KB limit.", error)
    error = str(refused(ClientError, set_past_the_client, "size", full + "x"))
    claim("the server refuses it too", "LIMIT_EXCEEDED" in error, error)
    claim("naming the size, the limit and the tier", all(w in error for w in ["10001", "10000", "free"]), error)
    claim("not the value", "xxx" not in error, error)
    claim("and changes nothing", get_key_value("size") == full)

    emoji = "😀" * 833
    set_key_value("size", emoji)
    claim("833 emoji, all that the client lets through, fit", get_key_value("size") == emoji)
    emoji = "😀" * 2_499 + "xx"
    set_past_the_client("size", emoji)
    claim("a size is counted in UTF-8, not in escapes", get_key_value("size") == emoji)
    refused(ClientError, set_past_the_client, "size", emoji + "x")
    claim("to the byte", get_key_value("size") == emoji)

    spaced = list(range(2_000))
    compact = json.dumps(spaced, separators=(",", ":"))
    assert len(compact) < 10_000 < len(json.dumps(spaced))
    set_past_the_client("size", spaced)
    claim("white space between values does not count", get_key_value("size") == spaced)
    delete_key("size")


def a_tenant_has_10_pairs():
    for n in range(10):
        set_key_value(f"pair-{n}", n)
    error = str(refused(ClientError, set_key_value, "pair-10", 10))
    claim("the eleventh pair is refused", "LIMIT_EXCEEDED" in error, error)
    claim("naming the count and the tier", "10" in error and "free" in error, error)
    claim("and is not written", list_keys() == sorted(f"pair-{n}" for n in range(10)))
    set_key_value("pair-0", "overwritten")
    claim("overwriting needs no room", get_key_value("pair-0") == "overwritten")
    delete_key("pair-9")
    set_key_value("pair-10", 10)
    claim("a delete makes room", get_key_value("pair-10") == 10)
    for key in list_keys():
        delete_key(key)


if __name__ == "__main__":
    a_value_has_10_000_bytes()
    a_tenant_has_10_pairs()
