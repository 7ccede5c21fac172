"""Metrics by large models, measured only if asked for: BERTScore and COMET. Nothing is fetched.

BERTScore runs here. COMET's package wants transformers before 5 and numpy before 2, so it runs in
an environment of its own and what its `comet-score --to_json` wrote is read.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from summarizer.engines import hub
from summarizer.engines.seq2seq import quiet, unreadable
from summarizer.errors import InputError, UsageError
from summarizer.evaluation.data import Dataset
from summarizer.evaluation.formats import make_folder, no_constants
from summarizer.evaluation.metrics import Prediction, Stats, compared
from summarizer.files import write_whole

__all__ = ["Asked", "bertscore", "comet", "write_segments"]

LIMIT = 512  # tokens of a text that BERTScore's models were trained on; some don't state it


@dataclass(frozen=True, slots=True)
class Asked:
    """A metric that was asked for.

    Attributes:
        name: In `METRICS`.
        signature: What its figures have to be quoted with.
        key: Changes when a figure would, with the same predictions and set.
        measure: From set, predictions in its order and the name of their file: the sums of each
            item (None where undefined), and notes on what was cut or counted.
    """

    name: str
    signature: str
    key: str
    measure: Callable[[Dataset, Sequence[Prediction], str], tuple[list[Stats | None], list[str]]]


# --- BERTScore ----------------------------------------------------------------------


def bertscore(model: str, layer: int = 0) -> Asked:
    """F1 of greedily matched token vectors (Zhang et al. 2020), the best reference's.

    No idf weights, not rescaled, on the CPU: `bert-score`'s defaults.

    Args:
        model: Folder of an encoder, or its name on the hub if it was pulled before.
        layer: Whose vectors are compared; 0 is the one that `bert-score` lists for the model.

    Raises:
        UsageError: The package is missing, the name is none, the layer not known or not there.
        EngineError: The model is not here, or can't be read.
    """
    if not find_spec("bert_score"):
        raise UsageError("BERTScore needs bert-score.", hint="pip install 'mujaz[bertscore]'")
    if not (Path(model).is_dir() or hub.is_id(model)):
        raise UsageError(
            f"{model} is no folder, and no model of a hub has such a name.",
            hint="Name an encoder's folder; `mujaz models pull roberta-large` gets that one.",
        )
    encoder = _Encoder(hub.find(model), layer)
    signature = (
        f"bertscore|f1|model:{encoder.name}@{encoder.model.revision}|layer:{encoder.layer}|idf:no|"
        f"rescaled:no|multi:max|version:{version('bert-score')}|"
        f"transformers:{version('transformers')}"
    )
    return Asked("bertscore", signature, signature, encoder.measure)


class _Encoder:
    """A model, loaded when it is first needed.

    `bert_score.score` would load it too, but goes wrong with transformers 5: without a word
    RoBERTa's first word is tokenized otherwise, and it fails on empty texts and on tokenizers
    that state no limit. Its matching is used as it is.
    """

    def __init__(self, model: hub.Stored, layer: int) -> None:
        from bert_score.utils import model2layers

        self.model = model
        folder = model.folder.resolve()
        self.name = folder.name if Path(model.name).is_dir() else model.name
        listed = {key: n for key, n in model2layers.items() if key.endswith(f"/{self.name}")}
        self.layer = layer or model2layers.get(self.name) or next(iter(listed.values()), 0)
        if not self.layer:
            raise UsageError(
                f"bert-score lists no layer for {self.name}.",
                hint="Give one: --bertscore-layer N; about two thirds up is usual.",
            )
        layers = getattr(self._config, "num_hidden_layers", 0)
        if not 0 < self.layer <= layers or self._config.is_encoder_decoder:
            raise UsageError(
                f"The model in {model.folder} has no layer {self.layer} of an encoder alone.",
                hint=f"It is of type {self._config.model_type}, with {layers} layers; BERTScore "
                "takes BERT, RoBERTa, DeBERTa and their like.",
            )

    def measure(
        self, dataset: Dataset, predictions: Sequence[Prediction], _file: str
    ) -> tuple[list[Stats | None], list[str]]:
        """See `Asked.measure`; an empty text has 0, as in `bert-score`."""
        if not any(item.references for item in dataset.items):
            raise InputError(f"BERTScore compares with references; {dataset.name} has none.")
        best: list[Stats | None] = [None] * len(predictions)
        pairs: list[tuple[int, str, str]] = []
        for at, (item, prediction) in enumerate(zip(dataset.items, predictions, strict=True)):
            mine, theirs = compared(item, prediction)
            ours = " ".join(mine).strip()
            for reference in theirs:
                best[at] = [0.0, 1.0]
                text = " ".join(reference).strip()
                pairs += [(at, ours, text)] if ours and text else []
        for (at, _, _), value in zip(pairs, self._f1(pairs), strict=True):
            best[at] = max(best[at] or [0.0, 1.0], [value, 1.0])
        tokenizer = self._loaded[1]
        limit = tokenizer.model_max_length
        texts = {text for _, *both in pairs for text in both}
        cut = sum(len(tokenizer.encode(text, verbose=False)) > limit for text in texts)
        return best, [f"BERTScore: texts cut at {limit} tokens: {cut}."] if cut else []

    def _f1(self, pairs: Sequence[tuple[int, str, str]]) -> list[float]:
        from bert_score.utils import bert_cos_score_idf

        if not pairs:
            return []
        model, tokenizer = self._loaded
        special = (tokenizer.cls_token_id, tokenizer.sep_token_id)
        weights = defaultdict(lambda: 1.0, dict.fromkeys(special, 0.0))
        _, ours, theirs = map(list, zip(*pairs, strict=True))
        found = bert_cos_score_idf(model, theirs, ours, tokenizer, weights, device="cpu")
        return [float(value) for value in found[:, 2]]

    @cached_property
    def _config(self) -> Any:
        from transformers import AutoConfig

        return self._read(AutoConfig)

    @cached_property
    def _loaded(self) -> tuple[Any, Any]:
        from transformers import AutoModel, AutoTokenizer

        # bert-score wants RoBERTa's first word tokenized as any other
        prefix = {"add_prefix_space": True} if self._config.model_type == "roberta" else {}
        tokenizer = self._read(AutoTokenizer, **prefix)
        tokenizer.model_max_length = min(tokenizer.model_max_length, LIMIT)
        return self._read(AutoModel, num_hidden_layers=self.layer).eval(), tokenizer

    def _read(self, kind: Any, **options: Any) -> Any:
        try:
            with quiet():
                return kind.from_pretrained(
                    self.model.folder.resolve(),
                    local_files_only=True,
                    trust_remote_code=False,
                    **options,
                )
        except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
            raise unreadable(self.model, error) from error


# --- COMET --------------------------------------------------------------------------


def write_segments(
    dataset: Dataset, systems: Sequence[tuple[str, Sequence[Prediction]]], folder: Path
) -> str:
    """Write what `comet-score` reads, a segment a line; returns its command line.

    Raises:
        InputError: The set is of articles.
        OutputError: Nothing can be written to `folder`.
    """
    _need_segments(dataset)
    make_folder(folder)
    rows = {name: _segments(dataset, some) for name, some in systems}
    any_system = next(iter(rows.values()))
    files = {f"{name}.txt": [row["mt"] for row in some] for name, some in rows.items()}
    translations = " ".join(str(folder / name) for name in files)
    files["source"] = [row["src"] for row in any_system]
    command = f"comet-score -s {folder / 'source'} -t {translations}"
    if all("ref" in row for row in any_system):
        files["reference"] = [row["ref"] for row in any_system]
        command += f" -r {folder / 'reference'}"
    for name, texts in files.items():
        write_whole(folder / name, "".join(f"{text}\n" for text in texts))
    return f"{command} --to_json {folder / 'comet.json'}"


def comet(file: Path, model: str) -> Asked:
    """What `comet-score --to_json` wrote of the same segments (Rei et al. 2020).

    Args:
        file: A list of segments (`src`, `mt`, `ref`, `COMET`) for each file of translations.
        model: Its checkpoint and version, which the file does not say.

    Raises:
        UsageError: `model` is not given.
        InputError: The file can't be read; on measuring: it is of other texts.
    """
    if not model.strip():
        raise UsageError(
            f"{file} does not say which model its scores are by.",
            hint='Say it: --comet-model "Unbabel/wmt22-comet-da, unbabel-comet 2.2.7".',
        )
    try:
        content = file.read_bytes()
        systems = json.loads(content, parse_constant=no_constants)
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}.", hint=_MAKE) from error
    except ValueError as error:
        raise InputError(f"{file} is not JSON ({error}).", hint=_MAKE) from error
    if not isinstance(systems, dict):
        raise InputError(f"{file} is not what comet-score writes.", hint=_MAKE)
    rows = {Path(name).stem: some for name, some in systems.items()}

    def measure(
        dataset: Dataset, predictions: Sequence[Prediction], name: str
    ) -> tuple[list[Stats | None], list[str]]:
        _need_segments(dataset)
        if name not in rows:
            raise InputError(
                f"{file} has no scores of {name}; of {', '.join(rows)}.",
                hint="comet-score names them by the file of translations; -p FILE scores some.",
            )
        return _matched(file, _segments(dataset, predictions), rows[name]), []

    signature = f"comet|model:{model.strip()}|multi:first|by comet-score, elsewhere"
    return Asked(
        "comet", signature, f"{signature}|{hashlib.sha256(content).hexdigest()[:16]}", measure
    )


_MAKE = "`mujaz eval export` writes the texts and says how to run comet-score on them."


def _need_segments(dataset: Dataset) -> None:
    if not dataset.segments:
        raise InputError(
            f"COMET is of translated segments; {dataset.name} has articles.",
            hint="`mujaz eval formats` lists sets of segments: FLORES, NTREX, WMT.",
        )


def _segments(dataset: Dataset, predictions: Sequence[Prediction]) -> list[dict[str, str]]:
    """Source, translation and first reference of each item, as lines."""
    found = []
    for item, prediction in zip(dataset.items, predictions, strict=True):
        mine, theirs = compared(item, prediction)
        row = {"src": _line(item.text), "mt": _line(" ".join(mine))}
        found.append(row | ({"ref": _line(" ".join(theirs[0]))} if theirs else {}))
    return found


def _matched(file: Path, wanted: Sequence[dict[str, str]], rows: Any) -> list[Stats | None]:
    """The score of each segment; InputError if these are other texts, or in another order."""
    if not isinstance(rows, list) or len(rows) != len(wanted):
        raise InputError(f"{file} is not of these {len(wanted)} segments.", hint=_MAKE)
    found: list[Stats | None] = []
    for number, (ours, theirs) in enumerate(zip(wanted, rows, strict=True), 1):
        value = theirs.get("COMET") if isinstance(theirs, dict) else None
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise InputError(f"{file}: segment {number} has no score.", hint=_MAKE)
        for key in ("src", "mt", *(["ref"] if "ref" in theirs else [])):  # some take no reference
            if _line(str(theirs.get(key, ""))) != ours.get(key, ""):
                raise InputError(
                    f'{file}: segment {number} has another "{key}" than the set and predictions.',
                    hint=_MAKE,
                )
        found.append([float(value), 1.0])
    return found


def _line(text: str) -> str:
    return " ".join(text.split())
