"""tools/json_states.py: the automaton of json_states.py is that of the grammar, and --check sees when it is not."""

import pytest
from support import load


@pytest.fixture
def tool(monkeypatch):
    return load("json_states")


def test_table_is_the_grammar(tool):
    for name in tool.FILES:
        text = (tool.ROOT / name).read_text()
        assert tool.replaced(text) == text, name


@pytest.mark.parametrize("changed, old, new", [
    ("json_states.py", 'b"\\x1f', 'b"\\x1e'),
    ("strict_json.py", "_STRING = const(", "_STRING = const(1"),
    ("config/json_file.py", "_ARRAY = const(", "_ARRAY = const(1"),
])
def test_check_finds_another_table_or_number(tool, tmp_path, monkeypatch, capsys, changed, old, new):
    for name in tool.FILES:
        text = (tool.ROOT / name).read_text()
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text.replace(old, new, 1) if name == changed else text)
    monkeypatch.setattr(tool, "ROOT", tmp_path)
    monkeypatch.setattr("sys.argv", ["json_states.py", "--check"])
    assert tool.main() == 1
    told = capsys.readouterr().err
    assert [name for name in tool.FILES if name in told.split(":")[0]] == [changed]
    monkeypatch.setattr("sys.argv", ["json_states.py"])
    assert tool.main() == 0
    monkeypatch.setattr("sys.argv", ["json_states.py", "--check"])
    assert tool.main() == 0


def test_each_row_takes_every_byte(tool):
    """The last pair of a row is for all bytes up to 255, and pairs are even in number."""
    for _, name, content in tool.rows():
        assert content[-2] == 255 and len(content) % 4 == 0, name
