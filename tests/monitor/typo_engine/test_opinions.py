"""Second opinions move what was guessed, never what a person vouched for."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from checks.typos import Typos
from checks.typos.candidate import Suspect
from checks.typos.change import Change
from checks.typos.engine import Engine
from checks.typos.lexicon.own_words import OwnWords
from checks.typos.lexicon.pairs import build
from checks.typos.lexicon.phrases import packaged_phrases
from monitor.typo_engine.gguf import Comparison
from monitor.typo_engine.llm import LEFT, SPAN, LlmOpinion, Weights, packaged_weights
from monitor.typo_engine.load import PACKAGED, PACKAGED_GGUF, with_lists

TEXT = "大力优化营商环镜，提高服务水平。"


def guess(probability: float, layer: str = "language-model", right: str = "环境") -> Suspect:
    return Suspect(6, "环镜", right, layer, "homophone", probability)


class FixedModel:
    """A model that finds each wording to gain so many nats, and keeps what it was asked."""

    def __init__(self, gains: dict[str, float]) -> None:
        self.gains = gains
        self.asked: list[tuple[str, list[Change]]] = []

    def compare(self, text: str, changes: list[Change], least: list[float]) -> list[Comparison | None]:
        self.asked.append((text, changes))
        firsts = [(self.gains[change.right], floor) for change, floor in zip(changes, least, strict=True)]
        return [Comparison(gain, gain, 0.0, -10.0, -1.0) if gain >= floor else None for gain, floor in firsts]


def opinion(gains: dict[str, float], weights: Weights | None = None) -> LlmOpinion:
    made = LlmOpinion.__new__(LlmOpinion)
    made._model, made._weights = FixedModel(gains), weights or packaged_weights()
    return made


def test_what_reads_better_is_likelier_and_the_other_way_round() -> None:
    (better,), (worse,) = (opinion({"境": gain}).weigh(TEXT, [guess(0.4)]) for gain in (12.0, -4.0))
    assert better.probability > 0.75
    assert worse.probability < 0.25


@pytest.mark.parametrize("layer", ["lexicon", "form"])
def test_what_a_person_vouched_for_is_not_asked_about(layer: str) -> None:
    agreed = [guess(0.6, layer), guess(0.6)]
    assert opinion({}).weigh(TEXT, agreed) == agreed


def test_what_begins_badly_is_given_up() -> None:
    (hopeless, likely) = opinion({"境": -9.0, "静": 9.0}).weigh(TEXT, [guess(0.2), guess(0.2, right="环静")])
    assert hopeless.probability == 0
    assert likely.probability > 0.2


def test_the_engine_believes_the_rival_that_reads_best() -> None:
    class Guesses:
        def suspects(self, text: str, masked: bytearray) -> list[Suspect]:
            made = ((0.9, "树目"), (0.8, "树墓"))
            return [Suspect(4, "树木", right, "language-model", "homophone", chance) for chance, right in made]

    text = "村子里的树木很好看。"
    engine = Engine(build([], style=False), packaged_phrases(), OwnWords(), [Guesses()])
    assert [one.right for one in engine.suspects(text)] == ["树目"]
    engine = replace(engine, opinions=[opinion({"目": -2.0, "墓": 15.0})])
    assert [one.right for one in engine.suspects(text)] == ["树墓"]


def test_layers_that_make_the_same_change_are_asked_about_once() -> None:
    asks = opinion({"境": 5.0})
    one, other = asks.weigh(TEXT, [guess(0.5), Suspect(7, "镜", "境", "look-alike", "homophone", 0.5)])
    assert one.probability == other.probability != 0.5
    assert [changes for _, changes in asks._model.asked] == [[Change(7, 8, "境")]]


def test_changes_far_apart_are_read_in_passages_of_their_own() -> None:
    near, far = LEFT + 20, LEFT + 20 + SPAN + 1
    text = "甲" * (far + 50)
    suspects = [Suspect(at, "甲", "乙", "language-model", "shape", 0.5) for at in (near, near + SPAN, far)]
    asks = opinion({"乙": 1.0})
    asks.weigh(text, suspects)
    assert [changes for _, changes in asks._model.asked] == [
        [Change(LEFT, LEFT + 1, "乙"), Change(LEFT + SPAN, LEFT + SPAN + 1, "乙")],
        [Change(LEFT, LEFT + 1, "乙")],
    ]
    assert all(passage.endswith("甲") and len(passage) < LEFT + SPAN + 20 for passage, _ in asks._model.asked)


def test_the_regression_is_over_names() -> None:
    weights = Weights(-1.0, {"prior": 1.0, "shape": 2.0})
    assert weights.probability({"prior": -1.0, "shape": 1.0, "unheard-of": 9.0}) == pytest.approx(0.5)


@pytest.fixture(scope="module")
def gguf() -> LlmOpinion:
    """The real thing, where the extra and the weights are installed."""
    pytest.importorskip("llama_cpp", reason="llama-cpp-python is not installed (the llm extra)")
    path = Path(os.environ.get("SITEHEALTH_DATA", "/nonexistent"), "models", PACKAGED_GGUF)
    if not path.is_file():
        pytest.skip(f"{path} is not there (sitehealth models install llm)")
    return LlmOpinion(path)


@pytest.mark.parametrize(
    ("text", "wrong", "right", "better"),
    [
        (TEXT, "环镜", "环境", True),
        ("各单位要认真布署，确保各项工作落实到位。", "布署", "部署", True),
        ("各级人民政府应当加强安全生产工作的领导。", "生产", "声产", False),
        ("市政府召开专题会议研究部署。", "研究", "演究", False),
    ],
)
def test_a_real_model_tells_slips_from_prose(gguf: LlmOpinion, text: str, wrong: str, right: str, better: bool) -> None:  # noqa: FBT001
    (weighed,) = gguf.weigh(text, [Suspect(text.index(wrong), wrong, right, "language-model", "homophone", 0.3)])
    assert (weighed.probability > 0.3) is better


@pytest.mark.parametrize(
    ("llm", "content", "told"),
    [
        (PACKAGED, None, r"is not there; `sitehealth models install llm`"),
        ("own.gguf", None, r"own\.gguf is not there$"),
        ("own.gguf", b"<html>", r"own\.gguf is no GGUF file"),
    ],
)
def test_a_model_that_cannot_be_had_is_refused_at_once(
    tmp_path: Path, llm: str, content: bytes | None, told: str
) -> None:
    pytest.importorskip("llama_cpp", reason="llama-cpp-python is not installed (the llm extra)")
    own = tmp_path / llm
    if content is not None:
        own.write_bytes(content)
    with pytest.raises(ValueError, match=told):
        with_lists(Typos(models=str(tmp_path), llm=llm if llm == PACKAGED else str(own)))


def test_without_the_extra_a_second_opinion_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "llama_cpp", None)
    with pytest.raises(ValueError, match="llama-cpp-python is not installed"):
        with_lists(Typos(llm=PACKAGED))


@pytest.fixture(scope="module")
def macbert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny MacBERT with random weights: the path is real, the opinions are nonsense."""
    torch, transformers = pytest.importorskip("torch"), pytest.importorskip("transformers")
    folder = tmp_path_factory.mktemp("macbert")
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *sorted(set(TEXT + "环境部署"))]
    (folder / "vocab.txt").write_text("\n".join(vocabulary), "utf-8")
    torch.manual_seed(1)
    config = transformers.BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
    )
    transformers.BertForMaskedLM(config).save_pretrained(folder)
    transformers.BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    return folder


def test_macbert_weighs_through_pycorrector(macbert: Path) -> None:
    from monitor.typo_engine.neural import NeuralOpinion

    (weighed,) = NeuralOpinion(macbert).weigh(TEXT, [guess(0.6)])
    assert round(weighed.probability, 2) in {0.6, 0.88}


def test_macbert_confirms_what_it_corrects_itself(macbert: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from monitor.typo_engine.neural import NeuralOpinion

    opinion = NeuralOpinion(macbert)
    monkeypatch.setattr(opinion._corrector, "correct", lambda _: {"errors": [("镜", "境", 7)]})
    (shared, alone) = opinion.weigh(TEXT, [guess(0.6), Suspect(0, "大力", "大利", "language-model", "", 0.6)])
    assert (shared.probability, alone.probability) == (pytest.approx(0.88), 0.6)


def test_a_folder_without_weights_is_refused(tmp_path: Path) -> None:
    from monitor.typo_engine.neural import NeuralOpinion

    with pytest.raises(ValueError, match=r"config\.json is missing"):
        NeuralOpinion(tmp_path)
