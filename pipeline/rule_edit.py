"""An entry more in a rule file, in its place, with the rest of the file as its owner wrote it.

YAML is parsed for the place of the list only; the text around it is not written anew: comments, order and line breaks
stay, and version control shows the one line that changed. A change that breaks a rule or a proof is taken back.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from extractors.rule_folders import RULES_FOLDER, own_folder
from extractors.rulebook import rule_path
from models.errors import PescoError, RuleError

Place = tuple[int | str, ...]
_WIDE = 10_000


@dataclass(frozen=True, slots=True)
class Edit:
    """Words to add: to the list at ``place`` of a file, or under ``key`` to the mapping there.

    A list that is missing is made, when the mapping it stands in is there.
    """

    file_name: str
    place: Place
    text: str
    key: str | None = None


def project_edits(slug_index: int, name: str, field: str, example: str | None) -> list[Edit]:
    """Return the edits that give a project one more form, with an example in which it stands."""
    edits = [Edit("projects.yml", ("projects", slug_index, field), name)]
    if example:
        edits.append(Edit("projects.yml", ("projects", slug_index, "examples"), example))
    return edits


def heading_edits(text: str, field: str) -> list[Edit]:
    """Return the edits that make a printed heading mean a field, which may be ``ignore``."""
    place: Place = ("ignore",) if field == "ignore" else ("fields", field)
    return [Edit("headings.yml", place, text), Edit("headings.yml", ("examples",), field, key=text)]


def apply_edits(edits: Sequence[Edit], prove: Callable[[], str | None], folder: Path | None = None) -> None:
    """Write edits, then call ``prove``, which reads the rules anew and says what does not hold.

    They go into ``folder``, by default the user's own of ``PESCO_RULES``, where the whole file is then written.

    Raises ``PescoError`` when a place is not there, the file cannot be written, or something does not hold; the files
    are then as they were.
    """
    target = folder or own_folder() or RULES_FOLDER
    texts = {edit.file_name: rule_path(edit.file_name, folder).read_text(encoding="utf-8") for edit in edits}
    before = {target / name: _bytes_of(target / name) for name in texts}
    try:
        for edit in edits:
            texts[edit.file_name] = insert(texts[edit.file_name], edit)
        for name, text in texts.items():
            (target / name).write_text(text, encoding="utf-8")
        reason = prove()
    except OSError as error:
        _restore(before)
        raise PescoError(f"{target} cannot be written: {error.strerror or error}") from error
    except BaseException:  # Ctrl+C too: a rule file that was not proved must not stay
        _restore(before)
        raise
    if reason is not None:
        _restore(before)
        raise PescoError(f"not added: {reason}")


def _bytes_of(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _restore(before: dict[Path, bytes | None]) -> None:
    """Give files back what they held; those that were not there go."""
    for path, data in before.items():
        if data is None:
            path.unlink(missing_ok=True)
        else:
            path.write_bytes(data)


def insert(text: str, edit: Edit) -> str:
    """Return the text of a rule file with an edit in its place; raises ``RuleError`` when the place is not there."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    node = _find(root, edit.place)
    if node is None:
        return _insert_missing(text, root, edit)
    if edit.key is not None and isinstance(node, yaml.MappingNode):
        return _insert_pair(text, node, f"{_scalar(edit.key)}: {_scalar(edit.text)}")
    if isinstance(node, yaml.SequenceNode):
        if any(isinstance(item, yaml.ScalarNode) and item.value == edit.text for item in node.value):
            raise PescoError(f"{edit.text!r} stands in {edit.file_name}, line {node.start_mark.line + 1}, already")
        return _insert_item(text, node, _scalar(edit.text))
    raise RuleError(f"{edit.file_name}: {'.'.join(map(str, edit.place))} is no list")


def _find(node: yaml.Node | None, place: Place) -> yaml.Node | None:
    """Return the node at a place, or ``None``."""
    for step in place:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
        elif isinstance(node, yaml.MappingNode):
            node = next((value for key, value in node.value if key.value == str(step)), None)
        else:
            return None
    return node


def _insert_item(text: str, node: yaml.SequenceNode, item: str) -> str:
    """Return the text with an item more at the end of a list, written as the list is."""
    if node.flow_style:
        end = node.end_mark.index - 1
        stop = node.value[-1].end_mark.index if node.value else end
        return f"{text[:stop]}{', ' if node.value else ''}{item}{text[stop:]}"
    last = node.value[-1]
    indent = " " * node.start_mark.column
    end = _line_end(text, last)
    return f"{text[:end]}\n{indent}- {item}{text[end:]}"


def _insert_pair(text: str, node: yaml.MappingNode, pair: str) -> str:
    """Return the text with a pair more at the end of a mapping in block style."""
    end = _line_end(text, node.value[-1][1])
    return f"{text[:end]}\n{' ' * node.start_mark.column}{pair}{text[end:]}"


def _insert_missing(text: str, root: yaml.Node | None, edit: Edit) -> str:
    """Return the text with a list of one item under a key that its mapping does not have yet."""
    parent = _find(root, edit.place[:-1])
    if not isinstance(parent, yaml.MappingNode) or edit.key is not None:
        raise RuleError(f"{edit.file_name}: there is no {'.'.join(map(str, edit.place))}")
    return _insert_pair(text, parent, f"{edit.place[-1]}: [{_scalar(edit.text)}]")


def _line_end(text: str, node: yaml.Node) -> int:
    """Return the offset of the end of the line on which a node ends; block nodes end before the next token."""
    stop = len(text[: node.end_mark.index].rstrip())
    end = text.find("\n", stop)
    return len(text) if end < 0 else end


def _scalar(text: str) -> str:
    """Return words as YAML writes them inside a list in brackets."""
    written = yaml.safe_dump([text], default_flow_style=True, allow_unicode=True, width=_WIDE)
    return written.strip()[1:-1]
