"""Claims: each is printed when it holds and ends the script when it does not."""

import json


def claim(text, holds, found=None):
    assert holds, f"does not hold: {text}; found: {found!r}"
    print("ok:", text, flush=True)


def refused(error, call, *arguments, **options):
    """The error of type `error`, exactly, that `call` raises; never one that is the server's fault."""
    try:
        result = call(*arguments, **options)
    except Exception as raised:
        assert type(raised) is error, f"expected {error.__name__}, got {type(raised).__name__}: {raised}"
        assert not any(word in str(raised) for word in ("API_ERROR", "INTERNAL")), str(raised)
        return raised
    raise AssertionError(f"expected {error.__name__}, got {result!r}")


def same(one, other):
    """Equal, as JSON sees it: 1 is not 1.0, nor True, and the order of keys counts."""
    return one == other and json.dumps(one) == json.dumps(other)
