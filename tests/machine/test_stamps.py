from bin.machine import stamps


def test_a_step_is_done_only_for_exactly_what_it_was_made_from(tmp_path, monkeypatch):
    monkeypatch.setattr(stamps, "STAMPS", tmp_path / "stamps")
    lock = tmp_path / "lock"
    lock.write_text("a==1")
    first = stamps.digest(lock)
    assert not stamps.fresh("lock", first)
    stamps.put("lock", first)
    assert stamps.fresh("lock", first)
    lock.write_text("a==2")
    assert not stamps.fresh("lock", stamps.digest(lock))
