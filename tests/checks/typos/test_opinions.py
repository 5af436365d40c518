"""Second opinions move what was guessed, never what a person vouched for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from checks.typos import opinion_llm
from checks.typos.candidate import Suspect
from checks.typos.opinion_llm import WEAKEST, LlmOpinion, Weights

TEXT = "大力优化营商环镜，提高服务水平。"


def guess(probability: float, layer: str = "language-model") -> Suspect:
    return Suspect(6, "环镜", "环境", layer, "homophone", probability)


class Fixed(LlmOpinion):
    """An opinion whose model always finds the same gain."""

    def __init__(self, gain: float) -> None:
        self._gain, self._weights = gain, opinion_llm.WEIGHTS

    def gains(self, text: str, suspects: list[Suspect]) -> list[float]:
        return [self._gain] * len(suspects)


def test_what_reads_better_is_likelier_and_the_other_way_round() -> None:
    (better,), (worse,) = (Fixed(gain).weigh(TEXT, [guess(0.6)]) for gain in (12.0, -12.0))
    assert better.probability > 0.75
    assert worse.probability < 0.1


@pytest.mark.parametrize("suspect", [guess(0.6, "lexicon"), guess(0.6, "form"), guess(WEAKEST / 2)])
def test_vouched_and_weakest_suspects_are_left_as_they_are(suspect: Suspect) -> None:
    assert Fixed(-12.0).weigh(TEXT, [suspect]) == [suspect]


def test_the_regression_is_bounded() -> None:
    weights = Weights(0.0, 1.0, 1.0)
    assert 0 < weights.probability(0.0, -1e9) < weights.probability(1.0, 1e9) < 1


def test_the_excerpt_is_the_surroundings_in_bytes() -> None:
    original, (correction,) = opinion_llm._excerpt(
        "甲" * 100 + TEXT, guess(0.5).__class__(106, "环镜", "环境", "", "", 0.5)
    )
    assert original.decode().startswith("甲" * 54)
    assert correction.text.decode().endswith("环境，提高服务水平。")
    assert (correction.original_end, correction.end) == (len(original), len(correction.text))


@pytest.fixture(scope="module")
def gguf() -> LlmOpinion:
    """The real thing, where the extra and the weights are installed."""
    pytest.importorskip("llama_cpp")
    path = Path(os.environ.get("SITEHEALTH_DATA", "/nonexistent"), "models", "gemma-3-270m-q4_k_m.gguf")
    if not path.is_file():
        pytest.skip(f"{path} is not installed")
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
    suspect = Suspect(text.index(wrong), wrong, right, "language-model", "homophone", 0.5)
    (gain,) = gguf.gains(text, [suspect])
    assert (gain > 0) is better


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("llama_cpp")
    (tmp_path / "a.gguf").write_bytes(b"no model")
    with pytest.raises(ValueError, match="no GGUF model"):
        LlmOpinion(tmp_path / "a.gguf")


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
    from checks.typos.opinion_neural import NeuralOpinion

    (weighed,) = NeuralOpinion(macbert).weigh(TEXT, [guess(0.6)])
    assert round(weighed.probability, 2) in {0.6, 0.88}


def test_macbert_confirms_what_it_corrects_itself(macbert: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from checks.typos.opinion_neural import NeuralOpinion

    opinion = NeuralOpinion(macbert)
    monkeypatch.setattr(opinion._corrector, "correct", lambda _: {"errors": [("镜", "境", 7)]})
    (shared, alone) = opinion.weigh(TEXT, [guess(0.6), Suspect(0, "大力", "大利", "language-model", "", 0.6)])
    assert (shared.probability, alone.probability) == (pytest.approx(0.88), 0.6)


def test_a_folder_without_weights_is_refused(tmp_path: Path) -> None:
    from checks.typos.opinion_neural import NeuralOpinion

    with pytest.raises(ValueError, match=r"config\.json is missing"):
        NeuralOpinion(tmp_path)
