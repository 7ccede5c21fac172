"""The model in training: what of it learns, its loss, its precision, its greedy output."""

from __future__ import annotations

import copy
import tempfile
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import peft
import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional

from summarizer.engines import build, difference, tokenizer
from training.data import EOS, PAD, Example, batches, length

LINEAR = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
IGNORED = -100  # a label that has no loss


def base_model(start: Path | None = None) -> Any:
    """The base model, float32, in transformers; with a training's folder, to be trained on."""
    with tempfile.TemporaryDirectory() as scratch:
        base = build.merged_model(Path(scratch), trained=None)
    return add_training(base, start, dither=True) if start else base


def add_training(base: Any, folder: Path, dither: bool = False) -> Any:
    """`base` with what a folder's training adds to it: a difference, or a LoRA adapter (`peft`).

    With `dither` it is to be trained on: see `difference.read`.
    """
    if not (folder / difference.FILE).is_file():
        return merge_adapter(base, folder)
    difference.add(base, difference.read(folder, dither))
    return base


def merge_adapter(base: Any, folder: Path) -> Any:
    """`base` with a LoRA adapter added into its weights."""
    return peft.PeftModel.from_pretrained(base, str(folder)).merge_and_unload()


# --- what learns --------------------------------------------------------------------


def with_adapter(model: Any, adapter: Path | None, rank: int) -> Any:
    """`model` with a trainable float32 LoRA adapter: a `peft` folder's, or a new one."""
    if adapter:
        return peft.PeftModel.from_pretrained(model, str(adapter), is_trainable=True)
    config = peft.LoraConfig(
        r=rank, lora_alpha=2 * rank, target_modules=LINEAR, task_type="CAUSAL_LM"
    )
    return peft.get_peft_model(model, config)


def all_weights(model: Any, dropout: float = 0.0) -> Any:
    """`model` with all its linear layers trainable, in place.

    `dropout` is that of what attention and feed-forward add to the stream.
    """

    def drop(module: Any, _inputs: Any, output: Tensor) -> Tensor:
        return functional.dropout(output, dropout, module.training)

    for name, parameter in model.named_parameters():
        parameter.requires_grad = _is_linear(name)
    for name, module in model.named_modules():
        if dropout and name.endswith(("o_proj", "down_proj")):
            module.register_forward_hook(drop)
    return model


def compile_layers(model: Any) -> None:
    """Have `torch.compile` make each layer's steps faster, in place: half a minute, once."""
    for layer in _causal(model).model.layers:
        layer.compile(dynamic=True)


def _causal(model: Any) -> Any:
    """The language model itself, with an adapter around it or without."""
    return model.get_base_model() if isinstance(model, peft.PeftModel) else model


# What is measured has other shapes, and would be compiled anew.
_as_it_is = torch.compiler.set_stance("force_eager")


def learned(base: Any, model: Any) -> dict[str, Tensor]:
    """What the linear layers' weights of `model` have beyond those of `base`."""
    before = dict(base.named_parameters())
    return {
        name: (weight - before[name]).detach()
        for name, weight in model.named_parameters()
        if _is_linear(name)
    }


def _is_linear(name: str) -> bool:
    return name.removesuffix(".weight").split(".")[-1] in LINEAR


def save_adapter(model: Any, folder: Path) -> None:
    """Write the adapter in `peft` format, float32."""
    weights = peft.get_peft_model_state_dict(model, save_embedding_layers=False)
    weights = {name: weight.to("cpu").contiguous() for name, weight in weights.items()}
    folder.mkdir(parents=True, exist_ok=True)
    save_file(weights, folder / "adapter_model.safetensors", metadata={"format": "pt"})
    config = copy.copy(model.peft_config["default"])
    config.inference_mode, config.base_model_name_or_path = True, "google/gemma-3-270m"
    config.save_pretrained(str(folder))


# --- the loss -----------------------------------------------------------------------


def collate(batch: Sequence[Example]) -> tuple[Tensor, Tensor]:
    """(tokens, labels), padded on the right; the label of a token is the token after it.

    Only the target and its ``<eos>`` are labels. No attention mask is needed: what
    attends to the left never sees padding on the right.
    """
    width = max(map(length, batch))
    tokens = torch.full((len(batch), width), PAD)
    labels = torch.full((len(batch), width), IGNORED)
    for row, (prompt, target, _) in enumerate(batch):
        start, end = len(prompt), len(prompt) + len(target)
        tokens[row, :end] = torch.tensor(prompt + target)
        labels[row, start - 1 : end - 1] = torch.tensor(target)
    return tokens, labels


@dataclass(frozen=True)
class Noise:
    """What keeps a model from learning its pairs by heart, while it is trained.

    Attributes:
        hidden: Share of the prompts' tokens that the model isn't shown (Sennrich and Zhang,
            "Revisiting Low-Resource Neural Machine Translation", ACL 2019).
        smoothing: Of the labels (Szegedy et al., CVPR 2016).
        agreement: Weight of the divergence between two readings of the same pair, each with
            its own dropout (R-Drop; Liang et al., NeurIPS 2021); 0 reads once.
    """

    hidden: float = 0.0
    smoothing: float = 0.0
    agreement: float = 0.0


def loss_of(
    model: Any, batch: Sequence[Example], precision: Precision, noise: Noise | None = None
) -> tuple[Tensor, int]:
    """Summed cross-entropy (nats) over a batch's target tokens, and how many they are."""
    noise = noise or Noise()
    tokens, labels = (tensor.to(model.device) for tensor in collate(batch))
    readings = 2 if noise.agreement else 1
    tokens, labels = tokens.repeat(readings, 1), labels.repeat(readings, 1)
    counted = labels != IGNORED
    if noise.hidden:
        tokens = _hide(tokens, labels, noise.hidden)
    causal = _causal(model)
    with precision.autocast(model.device.type):
        hidden = causal.model(input_ids=tokens, use_cache=False).last_hidden_state
        logits = causal.lm_head(hidden[counted]).float()  # a fifth of the positions: much faster
    loss = functional.cross_entropy(
        logits, labels[counted], reduction="sum", label_smoothing=noise.smoothing
    )
    if noise.agreement:
        loss = loss + noise.agreement * _divergence(*logits.chunk(2))
    return loss / readings, int(counted.sum()) // readings


def _hide(tokens: Tensor, labels: Tensor, share: float) -> Tensor:
    """`tokens` with `<unk>` for a random share of those before the target, ``<bos>`` apart."""
    before = (labels != IGNORED).cumsum(1) == 0
    before[:, 0] = False
    chance = torch.rand(tokens.shape, device=tokens.device)
    return tokens.masked_fill(before & (chance < share), tokenizer.UNK_ID)


def _divergence(one: Tensor, other: Tensor) -> Tensor:
    """The symmetric Kullback-Leibler divergence of two rows of logits, summed over rows."""
    p, q = one.log_softmax(-1), other.log_softmax(-1)
    both = functional.kl_div(p, q, reduction="sum", log_target=True)
    return (both + functional.kl_div(q, p, reduction="sum", log_target=True)) / 2


@_as_it_is
@torch.no_grad()
def mean_loss(model: Any, examples: Sequence[Example], precision: Precision) -> float:
    """Mean loss per target token, in nats."""
    total, count = 0.0, 0
    for batch in batches(examples, 2000):
        loss, tokens = loss_of(model, batch, precision)
        total, count = total + float(loss), count + tokens
    return total / count


@_as_it_is
@torch.no_grad()
def greedy(model: Any, examples: Sequence[Example], precision: Precision) -> list[list[int]]:
    """The likeliest continuation of each prompt, token by token; 120 tokens at most."""
    width = max(len(example.prompt) for example in examples)
    prompts = torch.full((len(examples), width), PAD)
    mask = torch.zeros_like(prompts)
    for row, example in enumerate(examples):  # padding on the left: all go on from the right
        prompts[row, width - len(example.prompt) :] = torch.tensor(example.prompt)
        mask[row, width - len(example.prompt) :] = 1
    with precision.autocast(model.device.type):
        out = model.generate(
            input_ids=prompts.to(model.device),
            attention_mask=mask.to(model.device),
            max_new_tokens=120,
            do_sample=False,
            eos_token_id=EOS,
            pad_token_id=PAD,
        )
    return [[token for token in row[width:].tolist() if token > EOS] for row in out]


# --- precision ----------------------------------------------------------------------


@dataclass(frozen=True)
class Precision:
    """The arithmetic of the frozen weights and of the activations; LoRA is float32 always."""

    name: str  # "bf16" or "fp32"

    def autocast(self, device: str) -> AbstractContextManager[Any]:
        """The context in which the model runs."""
        bf16 = self.name == "bf16"
        return torch.autocast(device, torch.bfloat16) if bf16 else nullcontext()

    def apply(self, model: Any) -> None:
        """Turn the frozen weights of `model` into this precision, in place."""
        dtype = torch.bfloat16 if self.name == "bf16" else torch.float32
        for parameter in model.parameters():
            if not parameter.requires_grad:
                parameter.data = parameter.data.to(dtype)


def choose_precision(name: str, model: Any, batch: Sequence[Example]) -> Precision:
    """The precision asked for, put in place; with ``auto`` the faster one here."""
    if name == "auto" and model.device.type == "cuda":
        name = "bf16" if torch.cuda.is_bf16_supported() else "fp32"
    elif name == "auto":  # bfloat16 is twice as fast on CPUs that have it, slower on others
        taken = {name: _seconds_a_step(model, batch, Precision(name)) for name in ("fp32", "bf16")}
        print(f"a step takes {taken['fp32']:.2f} s in fp32, {taken['bf16']:.2f} s in bf16")
        name = min(taken, key=lambda name: taken[name])
    precision = Precision(name)
    precision.apply(model)
    return precision


def _seconds_a_step(model: Any, batch: Sequence[Example], precision: Precision) -> float:
    trial = copy.deepcopy(model)
    precision.apply(trial)
    for _ in range(2):  # the first one warms up
        start = time.perf_counter()
        loss, _ = loss_of(trial, batch, precision)
        loss.backward()  # type: ignore[no-untyped-call]
        taken = time.perf_counter() - start
    return taken
