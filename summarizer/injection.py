"""What an article may try to make a model do, and signs that the model did it.

A chat model reads the article in its prompt, and whoever wrote the article may write to the
model. Nothing here stops that; it is found and said, in the source and in the English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from summarizer.numbers import bare
from summarizer.warning import Span

# Commands to a model, as they stand in articles; English as it is, Arabic in its bare form.
_ENGLISH = re.compile(
    r"""\b(?:ignore|disregard|forget|override|skip)\b.{0,40}\b(?:instruction|prompt|rule|above|previous
        |prior|everything|article|text)s?\b
    |\b(?:system|developer)\s+(?:prompt|message|note|instruction|override)s?\b
    |\byou\s+are\s+(?:now|no\s+longer|an?\s+(?:ai|assistant|language\s+model|chatbot))\b
    |\b(?:new|updated|real|important|hidden)\s+instructions?\b
    |\b(?:dear|note\s+to|attention|hey|hello)[,:]?\s+(?:the\s+)?(?:ai|assistant|model|chatbot|llm
        |summari[sz]er|translator)\b
    |\binstead\s+of\s+(?:the\s+|a\s+)?(?:translation|summary|brief|translating|summari[sz]ing)\b
    |\b(?:do\s+not|don't|never)\s+(?:translate|summari[sz]e)\b
    |\b(?:reply|respond|answer|output|print|write|say|repeat)\s+(?:only|exactly|just|with|in\s+(?:french
        |arabic|german|spanish)|nothing|the\s+word|your|the\s+following)\b
    |\b(?:translation|summary|brief|headline|assistant|model|output|answer)\s+(?:must|should|has\s+to)\b
    |\b(?:reveal|show|print|leak)\s+(?:me\s+)?(?:your|the)\s+(?:prompt|instructions|key|rules)\b
    |<\|?/?(?:im_start|im_end|system|user|assistant|data|endoftext|start_of_turn|end_of_turn)
    |\[/?inst\]|^\s*(?:system|assistant|user)\s*:""",
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)
_ARABIC = re.compile(
    r"""\b(?:تجاهل|اهمل|انس|تجاوز)(?:وا|ي)?\s+(?:كل|جميع|اي|كافه|ما|هذه|هذا|التعليمات|الاوامر|المقال|النص|القواعد)
    |\b(?:التعليمات|الاوامر|القواعد)\s+(?:السابقه|اعلاه|الجديده|التاليه)
    |\b(?:موجه|رساله|تعليمات|اوامر)\s+(?:النظام|المطور)
    |\bانت\s+(?:الان|نموذج|مساعد|روبوت)
    |\b(?:ايها|عزيزي|الي|ملاحظه\s+الي)\s+(?:ال)?(?:نموذج|مساعد|مترجم|روبوت|ذكاء)
    |\b(?:بدلا|عوضا)\s+(?:من|عن)\s+(?:ال)?(?:ترجمه|تلخيص|ملخص)
    |\bلا\s+(?:تترجم|تلخص)
    |\b(?:اكتب|اطبع|اجب|رد|قل|كرر|اخرج|ترجم|لخص)(?:وا|ي)?\s+(?:فقط|كلمه|عباره|جمله|التالي|ما\s+يلي|بالفرنسيه
        |بالعربيه|باللغه|ان|في\s+(?:الملخص|العنوان|الترجمه)|هذا|هذه|النص|المقال|لي|قصيده|نكته|رابط|كود)
    |\b(?:ضع|اضف|ادرج|اذكر)(?:وا|ي)?\s+(?:في|الي|رابط|الرابط|هذا|ان|كلمه|عباره|جمله)\b.{0,40}\b(?:الملخص|العنوان|الترجمه
        |الموجز|الرابط|https?)
    |\b(?:يجب|ينبغي)\s+(?:ان\s+)?(?:علي\s+)?(?:ال|ي)(?:نموذج|مساعد|ملخص|موجز|ترجمه)
    |\b(?:اكشف|اعرض|اظهر)\s+(?:عن\s+)?(?:تعليماتك|تعليمات|موجه|مفتاح)""",
    re.VERBOSE,
)


def command_in(text: str) -> str | None:
    """Words of a text that seem to speak to a language model and not to its readers."""
    found = _ENGLISH.search(text) or _ARABIC.search(bare(text))
    return found.group() if found else None


_LINK = re.compile(
    r"\bhttps?://\S+|\bwww\.\S+|\b[\w.+-]+@[\w-]+\.\w+|\b[\w-]+\.(?:com|net|org|io)\b",
    re.IGNORECASE,
)


def links_in(text: str, source: str) -> Iterator[Span]:
    """Addresses in a text that its source does not have."""
    for found in _LINK.finditer(text):
        if found.group().rstrip('.,)”"').lower() not in source.lower():
            yield Span(*found.span())


# The commonest words: of English, and of the languages that a model may fall into instead.
_COMMON = """the of and to is are has have had were been be with from that which will by for said
says after its their his her not who this it at as over during before in on a an was than"""
_COMMON_ELSEWHERE = """le la les des du de et un une dans pour est que qui sur avec au aux ont leurs
der das und ist ein eine dem mit von zu nicht auf für sich es hat el los las en una por para del se
ha il di che della sono ve bir için dan yang untuk dengan van het een"""
_LEAST_WORDS = 14  # without a common one among them; headlines do without in ten


def not_english(text: str) -> bool:
    """Whether a text is surely not English: other letters, or the commonest words of others."""
    letters = [letter for letter in text if letter.isalpha()]
    if sum(not letter.isascii() for letter in letters) > 0.3 * len(letters):
        return True
    words = re.findall(r"[^\W\d_]+", text.lower())
    english = sum(word in _COMMON.split() for word in words)
    other = sum(word in _COMMON_ELSEWHERE.split() for word in words)
    return other > max(2, english) or (len(words) >= _LEAST_WORDS and not english)
