"""tools/json_states.py: the automaton in ocpp/ is that of the grammar, and --check sees when it is not."""

import pytest
from support import load


@pytest.fixture
def tool(monkeypatch):
    return load("json_states")


def test_table_is_the_grammar(tool):
    text = tool.module().read_text()
    assert tool.replaced(text) == text


def test_check_finds_another_table(tool, tmp_path, monkeypatch, capsys):
    path = tmp_path / "ocpp" / "reader.py"
    path.parent.mkdir()
    path.write_text(tool.module().read_text().replace('b"\\x1f', 'b"\\x1e', 1))
    monkeypatch.setattr(tool, "ROOT", tmp_path)
    monkeypatch.setattr("sys.argv", ["json_states.py", "--check"])
    assert tool.main() == 1 and "ocpp/reader.py" in capsys.readouterr().err
    monkeypatch.setattr("sys.argv", ["json_states.py"])
    assert tool.main() == 0
    monkeypatch.setattr("sys.argv", ["json_states.py", "--check"])
    assert tool.main() == 0


def test_each_row_takes_every_byte(tool):
    """The last pair of a row is for all bytes up to 255, and pairs are even in number."""
    for _, name, content in tool.rows():
        assert content[-2] == 255 and len(content) % 4 == 0, name
