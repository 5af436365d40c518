"""The comparison of wordings, against a plain reading of both texts by llama-cpp-python's own interface."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from checks.model import Block
from checks.typos import Typos
from monitor.typo_engine.gguf import CONTEXT, Change, GgufModel
from monitor.typo_engine.load import with_lists
from tests.checks.typos.equipped import typos

llama_cpp = pytest.importorskip("llama_cpp", reason="llama-cpp-python is not installed (the llm extra)")

TEXT = "大力优化营商环镜，提高服务水平，增强人民群众的获得敢。"
UINT, INT, FLOAT, BOOL, STRING, ARRAY = 4, 5, 6, 7, 8, 9
WIDTH, ALIGNMENT = 32, 32


def string(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def field(key: str, kind: int, value: bytes) -> bytes:
    return string(key) + struct.pack("<I", kind) + value


def array(key: str, kind: int, values: list[bytes]) -> bytes:
    return field(key, ARRAY, struct.pack("<IQ", kind, len(values)) + b"".join(values))


def tokenizer(*, beginning: bool = True) -> tuple[list[bytes], int]:
    """Return the fields of one that knows bytes, the text's characters and some words, and how many tokens that is."""
    words = ["环境", "获得感", "服务", "人民群众", "营商环境"]
    tokens = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256)), *sorted(set(TEXT + "".join(words)))]
    pieces = {word[:end] for word in words for end in range(2, len(word) + 1)}
    tokens += sorted(pieces, key=lambda piece: (len(piece), piece))
    kinds = [2, 3, 3, *[6] * 256, *[1] * (len(tokens) - 259)]
    fields = [
        field("tokenizer.ggml.model", STRING, string("llama")),
        array("tokenizer.ggml.tokens", STRING, [string(token) for token in tokens]),
        array("tokenizer.ggml.scores", FLOAT, [struct.pack("<f", len(token)) for token in tokens]),
        array("tokenizer.ggml.token_type", INT, [struct.pack("<i", kind) for kind in kinds]),
        field("tokenizer.ggml.bos_token_id", UINT, struct.pack("<I", 1)),
        field("tokenizer.ggml.eos_token_id", UINT, struct.pack("<I", 2)),
        field("tokenizer.ggml.unknown_token_id", UINT, struct.pack("<I", 0)),
        field("tokenizer.ggml.add_space_prefix", BOOL, b"\0"),
        field("tokenizer.ggml.add_bos_token", BOOL, bytes([beginning])),
    ]
    return fields, len(tokens)


def tiny_model(path: Path, *, beginning: bool = True) -> None:
    """Write a transformer of one layer with random weights."""
    vocabulary, size = tokenizer(beginning=beginning)
    numbers = {
        "context_length": 2048,
        "embedding_length": WIDTH,
        "block_count": 1,
        "feed_forward_length": WIDTH,
        "attention.head_count": 2,
        "attention.head_count_kv": 2,
    }
    fields = [
        field("general.architecture", STRING, string("llama")),
        *(field(f"llama.{name}", UINT, struct.pack("<I", value)) for name, value in numbers.items()),
        field("llama.attention.layer_norm_rms_epsilon", FLOAT, struct.pack("<f", 1e-5)),
        *vocabulary,
    ]
    square, flat = (WIDTH, WIDTH), (WIDTH,)
    shapes = {"token_embd": (size, WIDTH), "output": (size, WIDTH), "output_norm": flat}
    layer = {"attn_norm": flat, "ffn_norm": flat}
    layer |= dict.fromkeys(("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"), square)
    shapes |= {f"blk.0.{name}": shape for name, shape in layer.items()}
    random = np.random.default_rng(1)
    infos, data = b"", b""
    for name, shape in shapes.items():
        infos += string(f"{name}.weight") + struct.pack("<I", len(shape))
        infos += b"".join(struct.pack("<Q", size) for size in reversed(shape)) + struct.pack("<IQ", 0, len(data))
        data += random.normal(0, 1, shape).astype("<f4").tobytes()
    head = b"GGUF" + struct.pack("<IQQ", 3, len(shapes), len(fields)) + b"".join(fields) + infos
    path.write_bytes(head + b"\0" * (-len(head) % ALIGNMENT) + data)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gguf") / "tiny.gguf"
    tiny_model(path)
    return path


@pytest.fixture(scope="module")
def model(path: Path) -> GgufModel:
    return GgufModel(path)


@pytest.fixture(scope="module")
def log_probability(path: Path):
    """The sum over a whole text, read token by token through the high-level interface."""
    plain = llama_cpp.Llama(str(path), n_ctx=512, logits_all=True, verbose=False)

    def read(text: str) -> float:
        ids = plain.tokenize(text.encode(), add_bos=True)
        plain.reset()
        plain.eval(ids)
        scores = np.array(plain.scores[: len(ids)], dtype=np.float64)
        scores -= np.log(np.exp(scores).sum(axis=1, keepdims=True))
        return float(sum(scores[at - 1][ids[at]] for at in range(1, len(ids))))

    yield read
    plain.close()


@pytest.mark.parametrize(
    "change",
    [
        Change(7, 8, "境"),
        Change(25, 26, "感"),
        Change(4, 8, "营商环境"),
        Change(10, 11, ""),
        Change(26, 27, ""),
        Change(26, 26, "感"),
        Change(0, 1, "人"),
        Change(20, 22, "众群"),
        Change(9, 10, "𠮷"),
    ],
)
def test_the_difference_is_that_of_the_whole_texts(model: GgufModel, log_probability, change: Change) -> None:
    text = TEXT[: change.end + 5]
    (found,) = model.compare(text, [change])
    assert found is not None
    expected = log_probability(change.of(text)) - log_probability(text)
    assert found.place + found.after == pytest.approx(expected, abs=0.01)
    assert found.original <= found.likeliest <= 0


def test_a_model_that_puts_no_token_before_a_text_is_asked_about_its_first_character_too(tmp_path: Path) -> None:
    tiny_model(tmp_path / "bare.gguf", beginning=False)
    (found,) = GgufModel(tmp_path / "bare.gguf").compare(TEXT, [Change(0, 1, "人")])
    assert found is not None


def test_changes_do_not_disturb_each_other(model: GgufModel) -> None:
    changes = [Change(at, at + 1, new) for at in range(len(TEXT)) for new in "境感服" if TEXT[at] != new]
    together = model.compare(TEXT, changes)
    for change, found in list(zip(changes, together, strict=True))[::7]:
        (alone,) = model.compare(TEXT, [change])
        assert found is not None
        assert alone is not None
        assert tuple(found) == pytest.approx(tuple(alone), abs=0.05)


def test_a_change_that_begins_badly_is_not_read_on(model: GgufModel) -> None:
    changes = [Change(at, at + 1, "境") for at in range(5)]
    wholly = model.compare(TEXT, changes)
    firsts = sorted(found.first for found in wholly if found)
    some = model.compare(TEXT, changes, [firsts[2]] * len(changes))
    assert [found is None for found in some] == [found.first < firsts[2] for found in wholly if found]


def test_what_does_not_fit_is_refused(model: GgufModel) -> None:
    with pytest.raises(ValueError, match="do not fit"):
        model.compare("龘" * CONTEXT, [Change(CONTEXT - 1, CONTEXT, "境")])


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.gguf").write_bytes(b"no model")
    with pytest.raises(ValueError, match="no GGUF model"):
        GgufModel(tmp_path / "a.gguf")


def test_the_check_asks_the_model(path: Path) -> None:
    text = Block("这家厂生产丁笨橡胶。")
    plain, weighed = (
        [(finding.params["wrong"], finding.params["probability"]) for finding in check.inspect(text)]
        for check in (typos(suspected=1e-9), typos(suspected=1e-9, llm=str(path)))
    )
    assert plain
    assert weighed != plain


def test_verdicts_of_another_model_are_not_remembered(tmp_path: Path) -> None:
    own = tmp_path / "own.gguf"
    versions = set()
    for content in (b"GGUF", b"GGUF and more"):
        own.write_bytes(content)
        versions.add(with_lists(Typos(llm=str(own))).version)
    assert len(versions | {with_lists(Typos()).version}) == 3
