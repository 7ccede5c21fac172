"""Chat models: they translate segments, and they can write the brief themselves.

What they are told is in `prompts/`; what they answer has to be JSON of the prompt's schema.
A reply that isn't is sent back once to be mended. Where the words come from is a `Chat`:
transformers, a GGUF file, or an endpoint (`endpoint.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from summarizer import prompts
from summarizer.arabic import ARABIC_LETTER, match_key, split_sentences
from summarizer.engines import hub, rerank
from summarizer.engines.base import Draft, Hypothesis, Progress
from summarizer.engines.cached import cache_folder
from summarizer.engines.seq2seq import quiet, torch_device, unreadable
from summarizer.errors import BudgetError, EngineError, OutputError, ReplyError
from summarizer.files import write_whole
from summarizer.injection import not_english
from summarizer.warning import MujazWarning

MAX_ARTICLE_WORDS = 2500  # about 8,000 tokens
REPLY_TOKENS = {"brief": 800, "headline": 100, "translate": 400}
SHOWN = 300  # characters of a bad reply in a message
CONTEXT = 16_384  # tokens that a GGUF model is given room for

Message = Mapping[str, str]


class Chat(Protocol):
    """Anything that answers messages, always the same way to the same ones if it can.

    Attributes:
        revision: Changes when the answers may.
        concurrency: How many requests it may have at once.
    """

    concurrency: int

    @property
    def revision(self) -> str: ...

    @property
    def notes(self) -> tuple[str, ...]: ...

    def prepare(self) -> None:
        """Load or find what is needed; raises EngineError if that can't be done."""
        ...

    def complete(
        self,
        messages: Sequence[Message],
        *,
        limit: int,
        schema: Mapping[str, Any] | None = None,
        told: Callable[[int], None] | None = None,
    ) -> str:
        """The answer.

        Args:
            messages: Of the roles "user" and "assistant", in turn.
            limit: Tokens of the answer, at most.
            schema: JSON Schema that the answer is meant to have, for models that can be held to it.
            told: Called with the number of pieces of the answer that have come so far.

        Raises:
            EngineError: There is no answer.
        """
        ...


@dataclass
class InstructEngine:
    """Translates and writes with a chat model.

    Args:
        chat: Where the words come from.
        name: As in the registry, with the model.
        fast: Makes no difference here, which is said in the notes.
        glossary: Arabic → English; what occurs in the text is told to the model.
    """

    chat: Chat
    name: str = "instruct"
    fast: bool = False
    glossary: Mapping[str, str] = field(default_factory=dict)
    is_known_word: None = None

    @property
    def settings(self) -> dict[str, object]:
        """The glossary and the texts of the prompts."""
        texts = {name: self._prompt(name).sha256[:12] for name in REPLY_TOKENS}
        return {"glossary": dict(self.glossary), "prompts": texts}

    @property
    def revision(self) -> str:
        """That of the model."""
        return self.chat.revision

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the result should know about the engine."""
        slow = "This engine has no faster way of working." if self.fast else ""
        return (*self.chat.notes, *([slow] if slow else []))

    def prepare(self, progress: Progress | None = None) -> None:
        """Find the prompts and load the model."""
        _ = self.settings
        if progress:
            progress("loading", 0, 1)
        self.chat.prepare()
        if progress:
            progress("loading", 1, 1)

    def complete(self, prompt: str) -> str:
        """The plain answer to a text; raises EngineError if there is none."""
        return self.chat.complete([{"role": "user", "content": prompt}], limit=800)

    def ask(
        self, name: str, told: Callable[[int], None] | None = None, **values: object
    ) -> dict[str, Any]:
        """The answer to the prompt of that name, as its schema wants it, in English.

        Raises:
            ReplyError: The reply, mended once, is still not that; it is kept in the cache.
            EngineError: There is no reply.
        """
        prompt = self._prompt(name)
        messages = [{"role": "user", "content": prompt.fill(**values)}]
        limit = REPLY_TOKENS[name]
        reply = self.chat.complete(messages, limit=limit, schema=prompt.output, told=told)
        try:
            return _english(prompt.read(reply))
        except prompts.ReplyMismatch as wrong:
            messages += [
                {"role": "assistant", "content": reply[: 20 * SHOWN] or "(nothing)"},
                {"role": "user", "content": f"This cannot be used: {wrong}. Answer again, in "
                 "English, with only the JSON object that was asked for."},
            ]  # fmt: skip
        again = self.chat.complete(messages, limit=limit, schema=prompt.output, told=told)
        try:
            return _english(prompt.read(again))
        except prompts.ReplyMismatch as wrong:
            kept = _keep(again)
            where = f"The whole reply is in {kept}. " if kept else ""
            raise ReplyError(
                f"{self.name} gave a reply that cannot be used: {wrong}. It begins: "
                f"{again[:SHOWN]!r}",
                hint=f"{where}A larger model keeps to the form more often.",
                reply=again,
            ) from wrong

    # --- the two products -----------------------------------------------------------

    def translate(
        self, segments: Sequence[str], progress: Progress | None = None
    ) -> list[Hypothesis]:
        """One hypothesis for each segment; see `Engine.translate`."""
        wanted = list(dict.fromkeys(s for s in segments if ARABIC_LETTER.search(s)))
        found: dict[str, Hypothesis] = {}
        pool = ThreadPoolExecutor(max_workers=max(1, self.chat.concurrency))
        try:
            waiting = {pool.submit(self._translated, segment): segment for segment in wanted}
            for done in as_completed(waiting):
                found[waiting[done]] = done.result()
                if progress:
                    progress("translating", len(found), len(wanted))
        finally:  # whoever stops it waits for no reply
            pool.shutdown(wait=False, cancel_futures=True)
        return [found.get(segment) or rerank.foreign(segment) for segment in segments]

    def _translated(self, segment: str) -> Hypothesis:
        try:
            answer = self.ask("translate", segment=segment, glossary=self._glossary_of(segment))
        except (BudgetError, ReplyError) as error:
            return rerank.failed(segment, error.message.rstrip("."))
        return Hypothesis(_line(answer["translation"]))

    def write(
        self,
        title: str,
        paragraphs: Sequence[str],
        words: int,
        sentences: int,
        progress: Progress | None = None,
    ) -> Draft:
        """See `Writer.write`; the prompt is "brief", or "headline" where that is all."""
        name = "brief" if sentences else "headline"
        limit = REPLY_TOKENS[name]
        told = (lambda pieces: progress("writing", min(pieces, limit), limit)) if progress else None
        article, cut = _first(paragraphs)
        glossary = self._glossary_of(f"{title}\n{article}")
        values: dict[str, object] = {"title": title, "article": article, "glossary": glossary}
        if sentences:
            values |= {"words": words, "sentences": sentences}
        answer = self.ask(name, told, **values)
        if progress:
            progress("writing", limit, limit)
        said = [_line(sentence) for sentence in answer.get("sentences", ())]
        distinct = list(dict.fromkeys(sentence for sentence in said if sentence))
        warnings = [cut] if cut else []
        if len(distinct) < len(said):
            message = f"{self.name} said a sentence more than once; it stands once."
            warnings.append(MujazWarning("repeated", message, "note"))
        return Draft(_line(answer["headline"]), tuple(distinct), tuple(warnings))

    def _glossary_of(self, text: str) -> str:
        """The entries that occur in a text, for the prompt."""
        plain = match_key(text)
        lines = [f"{ar} = {en}" for ar, en in self.glossary.items() if match_key(ar) in plain]
        return "\n".join(lines) or "none"

    def _prompt(self, name: str) -> prompts.Prompt:
        if name not in self._prompts:  # read once: what was said in `settings` is what is sent
            self._prompts[name] = prompts.load(name)
        return self._prompts[name]

    @cached_property
    def _prompts(self) -> dict[str, prompts.Prompt]:
        return {}


def _first(paragraphs: Sequence[str]) -> tuple[str, MujazWarning | None]:
    """As many whole sentences as a model is sent, and what to say about the rest."""
    room = MAX_ARTICLE_WORDS
    kept: list[str] = []
    for paragraph in paragraphs:
        some = []
        for sentence in split_sentences(paragraph):
            room -= len(sentence.split())
            if room < 0:
                break
            some.append(sentence)
        kept += [" ".join(some)] if some else []
        if room < 0:
            break
    article = "\n\n".join(kept)
    if not article:  # one sentence without end
        article = " ".join(" ".join(paragraphs).split()[:MAX_ARTICLE_WORDS])
    # Counted as above: a sentence that is glued to the next ("ذلك.وأضاف") is a word of its own.
    words = sum(len(s.split()) for paragraph in paragraphs for s in split_sentences(paragraph))
    read = len(article.split())
    message = f"The model was sent the first {read:,} words of the article; it has {words:,}."
    return article, MujazWarning("long", message) if read < words else None


def _line(text: str) -> str:
    """A text of a model as one line, without what no line of English has.

    That is control characters (a terminal would obey them), marks that turn the direction of
    writing round, and halves of characters, which no file can hold.
    """
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _english(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer, if it says something, in English; raises ReplyMismatch."""
    texts = [part for value in answer.values() for part in _strings(value)]
    if any(not any(map(str.isalnum, text)) for text in texts):
        raise prompts.ReplyMismatch("a text in it has no word")
    if not_english(" ".join(texts)):
        raise prompts.ReplyMismatch("it is not in English")
    return answer


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [part for one in value for part in _strings(one)] if isinstance(value, list) else []


def _keep(reply: str) -> Path | None:
    """Write a reply to the cache, if that can be, for whoever wants to know what came."""
    folder = cache_folder() / "replies"
    file = folder / f"{hashlib.sha256(reply.encode()).hexdigest()[:12]}.txt"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(file, reply)
    except (OSError, OutputError):  # the reply is the user's trouble, not the cache
        return None
    return file


# --- models on this machine ---------------------------------------------------------


@dataclass
class TransformersChat:
    """A chat model in transformers, float32 on a CPU, bfloat16 on a GPU; greedy.

    Args:
        model: Hub id or folder.
    """

    model: str
    concurrency: int = 1

    @property
    def revision(self) -> str:
        """That of the model's files."""
        return self._stored.revision

    @property
    def notes(self) -> tuple[str, ...]:
        """Which model, where and under which licence."""
        device, dtype = torch_device()
        kind = str(dtype).removeprefix("torch.")
        licence = self._stored.licence or "not stated"
        return (f"Made with {self._stored.name}, transformers {kind} on {device}; "
                f"licence: {licence}.",)  # fmt: skip

    def prepare(self) -> None:
        """See `Chat`."""
        _ = self._loaded

    def complete(
        self,
        messages: Sequence[Message],
        *,
        limit: int,
        schema: Mapping[str, Any] | None = None,  # noqa: ARG002
        told: Callable[[int], None] | None = None,  # noqa: ARG002
    ) -> str:
        """See `Chat`; the model is not held to the schema, and the answer comes at once."""
        import torch

        model, tokenizer = self._loaded
        if tokenizer.chat_template:
            text = tokenizer.apply_chat_template(
                list(messages), tokenize=False, add_generation_prompt=True
            )
            ids = tokenizer(text, add_special_tokens=False, return_tensors="pt").input_ids
        else:
            text = "\n\n".join(message["content"] for message in messages) + "\n\n"
            ids = tokenizer(text, return_tensors="pt").input_ids
        room = getattr(model.config, "max_position_embeddings", None) or ids.shape[1] + limit
        if ids.shape[1] + limit > room:
            raise EngineError(
                f"The prompt has {ids.shape[1]} tokens and {limit} are for the answer; "
                f"{self.model} has room for {room}.",
                hint="Use a model with a longer context, or a shorter article.",
            )
        with torch.inference_mode(), quiet():
            made = model.generate(
                ids.to(model.device),
                attention_mask=torch.ones_like(ids).to(model.device),
                do_sample=False,
                max_new_tokens=limit,
                pad_token_id=tokenizer.pad_token_id or tokenizer.eos_token_id,
            )
        return str(tokenizer.decode(made[0, ids.shape[1] :], skip_special_tokens=True))

    @cached_property
    def _stored(self) -> hub.Stored:
        return hub.find(self.model)

    @cached_property
    def _loaded(self) -> tuple[Any, Any]:
        from safetensors import SafetensorError
        from transformers import AutoModelForCausalLM, AutoTokenizer

        device, dtype = torch_device()
        folder = self._stored.folder
        safe = {"local_files_only": True, "trust_remote_code": False}
        try:
            with quiet():
                tokenizer = AutoTokenizer.from_pretrained(folder, **safe)
                model: Any = AutoModelForCausalLM.from_pretrained(
                    folder, use_safetensors=True, dtype=dtype, **safe
                )
        except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
            raise unreadable(self._stored, error) from error
        return model.to(device).eval(), tokenizer


@dataclass
class GgufChat:
    """A GGUF file through llama.cpp (`pip install "mujaz[gguf]"`); greedy, held to the schema.

    Args:
        file: The .gguf file.
        threads: Cores; 0 is all.
    """

    file: Path
    threads: int = 0
    concurrency: int = 1

    @property
    def revision(self) -> str:
        """The first 12 hex digits of the file's SHA-256."""
        return self._sha256[:12]

    @property
    def notes(self) -> tuple[str, ...]:
        """Which file."""
        return (f"Made with {self.file.name}, llama.cpp; licence: see where the file came from.",)

    def prepare(self) -> None:
        """See `Chat`."""
        _ = self._llama

    def complete(
        self,
        messages: Sequence[Message],
        *,
        limit: int,
        schema: Mapping[str, Any] | None = None,
        told: Callable[[int], None] | None = None,
    ) -> str:
        """See `Chat`."""
        form = {"type": "json_object", "schema": dict(schema)} if schema else None
        parts: list[str] = []
        try:
            stream = self._llama.create_chat_completion(
                [dict(message) for message in messages],
                temperature=0.0,
                seed=0,
                max_tokens=limit,
                response_format=form,
                stream=True,
            )
            for chunk in stream:
                parts.append(chunk["choices"][0]["delta"].get("content") or "")
                if told:
                    told(len(parts))
        except ValueError as error:  # the prompt is longer than the context
            raise EngineError(
                f"{self.file.name} gave no answer: {str(error).rstrip('.')}.",
                hint="Use a shorter article.",
            ) from error
        return "".join(parts)

    @cached_property
    def _sha256(self) -> str:
        with self.file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()

    @cached_property
    def _llama(self) -> Any:
        try:
            from llama_cpp import Llama
        except ImportError as error:
            raise EngineError(
                "llama-cpp-python, which reads GGUF files, is not installed.",
                hint='pip install "mujaz[gguf]" (it is compiled while it is installed).',
            ) from error
        try:
            return Llama(
                str(self.file),
                n_ctx=CONTEXT,
                n_threads=self.threads or None,
                seed=0,
                verbose=False,
            )
        except (ValueError, OSError, RuntimeError) as error:
            raise EngineError(
                f"{self.file} cannot be loaded: {error}.", hint="Is it a whole GGUF file?"
            ) from error


def local_chat(model: str, threads: int = 0) -> Chat:
    """A chat model on this machine: a .gguf file, or a folder or hub id for transformers."""
    path = Path(model)
    if path.suffix == ".gguf":
        if not path.is_file():
            raise EngineError(f"There is no file {path}.", hint="instruct:FILE.gguf")
        return GgufChat(path, threads)
    return TransformersChat(model)
