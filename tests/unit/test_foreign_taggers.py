"""The adapters against the real libraries, on tiny models that are made here; nothing is downloaded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import ModelError
from pipeline.models import models_folder, write_card
from pipeline.taggers.camel import CamelTagger, fetch_camel, load_camel, our_label
from pipeline.taggers.inputs import word_form
from pipeline.taggers.stanza import StanzaTagger, bio_label, fetch_stanza, load_stanza
from pipeline.training.corpora import LabelledSentence

pytestmark = pytest.mark.filterwarnings("ignore")  # torch, transformers and stanza warn of their own futures

WORDS = ["زار", "فاضل", "سروان", "وعاد", "الراوي", "إلى", "درنوس", "مساء"]
SENTENCES = [["زار", "فاضل", "الراوي", "سروان"], [], ["وعاد", "إلى", "درنوس", "مساء", "مجهولة"], ["زار"] * 600]


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> None:
    import torch

    torch.set_num_threads(1)  # models this small only wait for one another's threads


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import torch
    from transformers import BertConfig, BertForTokenClassification, BertTokenizer

    folder = tmp_path_factory.mktemp("bert")
    (folder / "vocab.txt").write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]) + "\n", "utf-8")
    labels = ["B-LOC", "B-ORG", "B-PERS", "B-MISC", "I-LOC", "I-ORG", "I-PERS", "I-MISC", "O"]
    torch.manual_seed(5)
    config = BertConfig(
        vocab_size=len(WORDS) + 5, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        id2label=dict(enumerate(labels)), label2id={label: i for i, label in enumerate(labels)}, initializer_range=1.0,
    )  # fmt: skip
    BertForTokenClassification(config).save_pretrained(folder)
    BertTokenizer(str(folder / "vocab.txt"), do_lower_case=False).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def camel(bert: Path, tmp_path_factory: pytest.TempPathFactory) -> CamelTagger:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CAMELTOOLS_DATA", str(tmp_path_factory.mktemp("no-catalogue")))
        return load_camel(str(bert))


def test_camel_answers_one_label_a_word_even_past_the_length_of_its_model(camel: CamelTagger) -> None:
    predictions = camel.predict(SENTENCES)
    assert [len(p.labels) for p in predictions] == [len(s) for s in SENTENCES]
    assert all(0 < c <= 1 for p in predictions for c in p.confidences)


def test_camel_in_batches_answers_as_the_librarys_own_recognizer(camel: CamelTagger) -> None:
    sentences = [s for s in SENTENCES[:3] if s]
    own: list[list[str]] = camel._recognizer.predict(sentences)
    assert [list(p.labels) for p in camel.predict(sentences)] == [[our_label(x) for x in labels] for labels in own]
    assert len({label for labels in own for label in labels}) > 1, "a model that always says the same shows nothing"


def test_camel_without_a_model_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ModelError, match=r"no BERT model in .*models fetch camel"):
        load_camel(str(tmp_path))
    monkeypatch.setenv("CAMELTOOLS_DATA", str(tmp_path))
    with pytest.raises(ModelError, match=r"no catalogue in .*models fetch camel"):
        load_camel("")


def test_camel_finds_the_model_that_the_librarys_catalogue_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = {"default": "tiny", "datasets": {"tiny": {"path": "ner/tiny"}}}
    (tmp_path / "catalogue.json").write_text(
        json.dumps({"version": "1", "packages": {}, "components": {"NamedEntityRecognition": dataset}}), "utf-8"
    )
    monkeypatch.setenv("CAMELTOOLS_DATA", str(tmp_path))
    with pytest.raises(ModelError, match=r"no BERT model in .*ner.tiny"):
        load_camel("")


@pytest.fixture(scope="module")
def stanza_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that stanza's own trainer learned by heart from one sentence."""
    from stanza.models import ner_tagger

    folder = tmp_path_factory.mktemp("stanza")
    tags = ["O", "B-PER", "E-PER", "S-LOC"]
    sentence = [{"text": word, "ner": tag} for word, tag in zip(SENTENCES[0], tags, strict=True)]
    (folder / "train.json").write_text(json.dumps([sentence] * 8), "utf-8")
    settings = {
        "--train_file": "train.json", "--eval_file": "train.json", "--save_dir": ".", "--save_name": "tiny.pt",
        "--shorthand": "ar_tiny", "--hidden_dim": "16", "--char_hidden_dim": "8", "--char_emb_dim": "8",
        "--word_emb_dim": "8", "--max_steps": "60", "--eval_interval": "20", "--optim": "adam", "--lr": "0.03",
    }  # fmt: skip
    paths = {"--train_file", "--eval_file", "--save_dir"}
    arguments = [part for k, v in settings.items() for part in (k, str(folder / v) if k in paths else v)]
    ner_tagger.main([*arguments, "--no_pretrain", "--cpu"])
    return folder / "tiny.pt"


@pytest.fixture(scope="module")
def stanza_tagger(stanza_model: Path) -> StanzaTagger:
    return load_stanza(str(stanza_model))


def test_stanza_labels_what_its_trainer_learned_in_our_own_words(stanza_tagger: StanzaTagger) -> None:
    (prediction,) = stanza_tagger.predict(SENTENCES[:1])
    assert prediction.labels == ("O", "B-PER", "I-PER", "B-LOC")


def test_stanza_keeps_empty_sentences_and_lengths(stanza_tagger: StanzaTagger) -> None:
    assert [len(p.labels) for p in stanza_tagger.predict(SENTENCES[:3])] == [4, 0, 5]
    assert stanza_tagger.predict([[], []]) == stanza_tagger.predict([[]]) * 2


@pytest.fixture(scope="module")
def stanza_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of the recipe, learned by heart, in its shipped form; the library's own file lies beside."""
    from pipeline.training import stanza_ner

    folder = tmp_path_factory.mktemp("recipe")
    labels = (("O", "B-PER", "I-PER", "B-LOC"), ("O", "O", "B-LOC", "O", "O"))
    sentences = [LabelledSentence(tuple(SENTENCES[i]), row, "x") for i, row in zip((0, 2), labels, strict=True)]
    assert stanza_ner.write_sentences(sentences * 8, folder / "train.json") == 16
    assert stanza_ner.write_sentences(sentences, folder / "dev.json") == 2
    settings = "--hidden_dim 16 --char_hidden_dim 8 --char_emb_dim 8 --max_steps 60 --eval_interval 20 --optim adam"
    checkpoint = stanza_ner.train(folder, models_folder() / "words", [*settings.split(), "--lr", "0.03"])
    stanza_ner.convert(checkpoint, folder / "shipped", models_folder() / "words")
    write_card(folder / "shipped", kind="stanza", trained_on=[], notes="")
    return folder


def test_the_recipes_model_answers_as_the_librarys_own_file(stanza_folder: Path) -> None:
    shipped = load_stanza(str(stanza_folder / "shipped"))
    (stanza_folder / "vectors.pt").rename(stanza_folder / "pretrain.pt")
    own = load_stanza(str(stanza_folder / "model.pt"))
    spelled = [[word_form(word) for word in sentence] for sentence in SENTENCES]
    assert shipped.predict(SENTENCES) == own.predict(spelled)
    assert shipped.predict(SENTENCES)[0].labels == ("O", "B-PER", "I-PER", "B-LOC")


def test_the_recipes_model_holds_no_pickle_and_no_place_of_its_training(stanza_folder: Path) -> None:
    import numpy as np

    files = {path.suffix: path for path in (stanza_folder / "shipped").iterdir()}
    assert set(files) == {".npz", ".json"}
    with np.load(stanza_folder / "shipped" / "weights.npz", allow_pickle=False) as stored:
        assert {stored[name].dtype for name in stored.files} == {np.dtype(np.int8), np.dtype(np.float16)}
    settings = (stanza_folder / "shipped" / "settings.json").read_text("utf-8")
    assert str(stanza_folder) not in settings


def test_stanza_tells_what_to_do_about_a_missing_or_damaged_model(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no model file .*models fetch stanza"):
        load_stanza(str(tmp_path / "none.pt"))
    (tmp_path / "damaged.pt").write_bytes(b"no model")
    with pytest.raises(ModelError, match=r"cannot be loaded .*models fetch stanza"):
        load_stanza(str(tmp_path / "damaged.pt"))


def test_labels_of_types_that_we_do_not_have_are_outside() -> None:
    assert [our_label(x) for x in ("B-PERS", "I-MISC", "O")] == ["B-PER", "O", "O"]
    assert [bio_label(x) for x in ("S-ORG", "I-ORG", "B-EVENT", "O")] == ["B-ORG", "I-ORG", "O", "O"]


class NoNetworkError(OSError):
    pass


def test_fetching_without_a_network_fails_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise NoNetworkError("no route")

    monkeypatch.setattr("requests.sessions.Session.request", refuse)
    for fetch in (fetch_stanza, fetch_camel):
        with pytest.raises(ModelError, match=r"^\w+: .*try again with a network$") as caught:
            fetch()
        assert "\n" not in str(caught.value)
