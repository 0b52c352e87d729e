"""Kestra's Python SDK against a server: pairs.py URL TOKEN. Prints each claim that holds; ends at the first that does not."""

import sys
from datetime import datetime, timezone

from kestrapy import Configuration, KestraClient
from kestrapy.exceptions import ApiException
from kestrapy.models.kv_controller_api_delete_bulk_request import KVControllerApiDeleteBulkRequest
from kestrapy.models.query_filter_field import QueryFilterField as F
from kestrapy.query import and_, contains, eq, in_, not_in, or_, prefix, starts_with, where

url, token = sys.argv[1:]
kv = KestraClient(host=url, token=token).kv


def claim(text, holds, found=None):
    assert holds, f"does not hold: {text}; found: {found!r}"
    print("ok:", text, flush=True)


def refused(status, call, *arguments, **options):
    try:
        result = call(*arguments, **options)
    except ApiException as error:
        assert error.status == status, error
        return str(error.body)
    raise AssertionError(f"expected {status}, got {result!r}")


def put(namespace, key, body):
    claim(f"{namespace}/{key} is set", kv.set_key_value(namespace, key, "main", body) is None)


for body, kind, value in [
    ('"Hello World"', "STRING", "Hello World"),
    ("Hello World", "STRING", "Hello World"),
    ('"42"', "STRING", "42"),
    ("42", "NUMBER", 42),
    ("12345678901234567890123", "NUMBER", 12345678901234567890123),
    ("1.0", "NUMBER", 1.0),
    ("true", "BOOLEAN", True),
    ("2021-09-01", "DATE", "2021-09-01"),
    ("2021-09-01T01:02:03Z", "DATETIME", "2021-09-01T01:02:03Z"),
    ("P3DT3H2M1S", "DURATION", "PT75H2M1S"),
    ('{"some": ["json", {"héllo": null}]}', "JSON", {"some": ["json", {"héllo": None}]}),
    ("null", "STRING", None),
]:
    put("company.team", "typed", body)
    found = kv.key_value("company.team", "typed", "main")
    claim(f"{body} is {kind}", (found.type.value, found.value) == (kind, value), found)
claim("every set is a revision", found.revision == 12, found)
claim("updated is an instant in UTC", found.updated.tzinfo == timezone.utc and found.updated <= datetime.now(timezone.utc), found)

for namespace, key in [("company", "root"), ("company", "both"), ("company.team", "both"), ("other", "k"), ("company2", "k")]:
    put(namespace, key, "1")
inherited = [(entry.namespace, entry.key) for entry in kv.list_keys_with_inheritance("company.team", "main")]
claim("a namespace inherits from those above it", inherited == [("company", "both"), ("company", "root")], inherited)


def listed(*conditions, **options):
    page = kv.list_all_keys("main", filters=where(*conditions) if conditions else None, **options)
    return [f"{entry.namespace}/{entry.key}" for entry in page.results], page.total


everything = ["company/both", "company/root", "company.team/both", "company.team/typed", "company2/k", "other/k"]
claim("all keys are listed", listed() == (everything, 6), listed())
claim("a page is cut", listed(page=2, size=4) == (everything[4:], 6), listed(page=2, size=4))
down = listed(sort=["namespace:desc", "key:asc"], size=1)
claim("keys are sorted", down == (["other/k"], 6), down)
for condition, names in [
    (eq(F.NAMESPACE, "company"), everything[:2]),
    (prefix(F.NAMESPACE, "company"), everything[:4]),
    (starts_with(F.NAMESPACE, "company"), everything[:5]),
    (contains(F.NAMESPACE, "team"), everything[2:4]),
    (in_(F.NAMESPACE, ["company2", "other"]), everything[4:]),
    (not_in(F.NAMESPACE, ["company", "company.team"]), everything[4:]),
    (eq(F.QUERY, "BOTH"), ["company/both", "company.team/both"]),
    (or_(eq(F.NAMESPACE, "other"), eq(F.QUERY, "typed")), ["company.team/typed", "other/k"]),
    (and_(prefix(F.NAMESPACE, "company"), or_(eq(F.QUERY, "root"), eq(F.QUERY, "typed"))), ["company/root", "company.team/typed"]),
]:
    claim(f"a filter takes {names}", listed(condition) == (names, len(names)), listed(condition))
entry = kv.list_all_keys("main", filters=where(eq(F.QUERY, "typed"))).results[0]
claim("an entry has its dates and revision", entry.revision == 12 and entry.creation_date <= entry.update_date, entry)

claim("a key is deleted", kv.delete_key_value("other", "k", "main") is True)
claim("a key that is gone is not", kv.delete_key_value("other", "k", "main") is False)
gone = kv.delete_key_values("company", "main", KVControllerApiDeleteBulkRequest(keys=["root", "nope", "both"]))
claim("bulk deletion names what there was", gone.keys == ["root", "both"], gone)
missing = refused(404, kv.key_value, "other", "k", "main")
claim("a missing key is 404", "No value found for key 'k' in namespace 'other'" in missing, missing)
bad = refused(422, kv.set_key_value, "other", "-bad", "main", "1")
claim("a bad key is 422", "Key must start with an alphanumeric character" in bad, bad)
refused(400, kv.list_all_keys, "main", filters=where(eq(F.FLOW_ID, "x")))
claim("a filter that KV does not know is 400", True)

basic = KestraClient(Configuration(host=url, username="any@one", password=token)).kv
claim("Basic with the token as password opens the door", basic.key_value("company2", "k", "main").value == 1)
refused(401, KestraClient(host=url, token="wrong").kv.key_value, "company2", "k", "main")
claim("a bad token is 401", True)
