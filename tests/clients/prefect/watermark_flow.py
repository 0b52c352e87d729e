"""A flow that keeps its watermark between runs, as Prefect's documentation showed it."""

from claims import claim
from prefect import Flow, task
from prefect.backend import delete_key, get_key_value, list_keys, set_key_value

LAST_EXECUTED_KEY = "my-flow-last-executed"
seen = []


@task
def get_last_execution_date():
    if LAST_EXECUTED_KEY not in list_keys():
        return "2021-01-01"
    return get_key_value(LAST_EXECUTED_KEY)


@task
def run_etl(start_date):
    seen.append(start_date)
    return f"2021-06-{len(seen):02}"


@task
def set_last_execution_date(date):
    return set_key_value(key=LAST_EXECUTED_KEY, value=date)


with Flow("watermark") as flow:
    last_run = get_last_execution_date()
    end = run_etl(start_date=last_run)
    set_last_execution_date(end)


if __name__ == "__main__":
    claim("the first run succeeds", flow.run().is_successful())
    claim("it began at the beginning", seen == ["2021-01-01"], seen)
    claim("the second run succeeds", flow.run().is_successful())
    claim("it began at the first run's mark", seen == ["2021-01-01", "2021-06-01"], seen)
    claim("the mark moved on", get_key_value(LAST_EXECUTED_KEY) == "2021-06-02")
    claim("in one pair", list_keys() == [LAST_EXECUTED_KEY])
    delete_key(LAST_EXECUTED_KEY)
