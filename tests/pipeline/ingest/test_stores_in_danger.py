"""What happens when a store of the deployment is gone or damaged: plain words, and nothing half-done."""

import pytest

from pipeline.pseudonym import read_key
from pipeline.warehouse import open_warehouse
from survey.errors import StoreError

HEADER = "subject_id,relationship,rater,taste_cuts,taste_early\n"
FIRST = HEADER + "p1,peer,r1,4,5\n"
MORE = HEADER + "p1,peer,r1,4,4\n"


def test_key_when_first_used_then_is_made_for_its_owner_alone_and_kept(tmp_path):
    path = tmp_path / "private" / "pseudonym.key"
    key = read_key(path, is_in_use=False)
    assert len(key) == 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_key(path, is_in_use=True) == key


def test_key_when_left_half_written_and_never_used_then_is_made_anew(tmp_path):
    path = tmp_path / "pseudonym.key"
    path.write_bytes(b"half")
    assert len(read_key(path, is_in_use=False)) == 32


@pytest.mark.parametrize("damage", ["gone", "empty", "half"])
def test_file_when_the_key_of_earlier_answers_is_lost_then_refused(take, deployment, damage):
    take(FIRST)
    key = deployment.pseudonym_key_path
    if damage == "gone":
        key.unlink()
    else:
        key.write_bytes(key.read_bytes()[: 0 if damage == "empty" else 16])
    with pytest.raises(StoreError) as refusal:
        take(MORE, is_addition=True)
    assert refusal.value.code == "key-missing"
    with open_warehouse(deployment.warehouse_path) as warehouse:
        assert warehouse.connection.execute("select count(*) from core.response").fetchone() == (1,)


def test_warehouse_when_damaged_then_said_in_plain_words(deployment, take):
    take(FIRST)
    deployment.warehouse_path.write_bytes(b"not a database at all")
    with pytest.raises(StoreError) as refusal:
        take(MORE)
    assert refusal.value.code == "warehouse-damaged"
    assert refusal.value.where == "warehouse.duckdb"
