"""What a sweep wrote, prompt by prompt, for those who write the same rows in other ways."""

import pickle
from pathlib import Path
from typing import Any

from bench.rivals.work import connect
from bench.sweeping import compiled


def make(url: str, rows_file: str, work_file: str) -> dict[str, Any]:
    """Keep the rows of a sweep by timescale, and write what gathers prompts into a caseload that was not swept.

    No rival gathers the prompts of one reader: the messages stand there before they begin, which is to their advantage.
    """
    rows = pickle.loads(Path(rows_file).read_bytes())
    messages, *others = compiled(url, rows)
    connection = connect(url)
    connection.cursor().executemany(*messages)
    connection.commit()
    connection.close()
    Path(work_file).write_bytes(pickle.dumps({"prompts": by_timescale(rows, others)}))
    return {"prompts": len(rows["prompt"]), "messages": len(rows["message"])}


def by_timescale(rows: dict[str, list[dict[str, Any]]], statements: list[tuple[str, Any]]) -> dict[int, Any]:
    """Return the statements of each prompt by its timescale: prompt, audit entry, chain, and the timescale moved on.

    ``statements`` have the rows of each table in the order of ``rows``.
    """
    entries = {row["subject"]: (number, row["chain"]) for number, row in enumerate(rows["audit_entry"])}
    chains = {row["chain"]: number for number, row in enumerate(rows["audit_chain"])}
    moved = {row["key"]: number for number, row in enumerate(rows["moved"])}
    many = [(sql, params if isinstance(params, list) else [params]) for sql, params in statements]
    found = {}
    for number, prompt in enumerate(rows["prompt"]):
        key = prompt["timescale_id"]
        entry, chain = entries[f"timescale {key}"]
        places = (number, entry, chains[chain], moved[key])
        found[key] = [(sql, params[at]) for (sql, params), at in zip(many, places, strict=True)]
    assert len(found) == len(rows["prompt"]), "a timescale with two prompts"
    return found
