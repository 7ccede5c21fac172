"""Mujaz: Arabic news in, a short English brief out, with the evidence.

from summarizer import summarize
print(summarize(text).headline)
"""

from summarizer.article import Article, read_any, read_file, read_html, read_text
from summarizer.brief import summarize, summarize_all, translate, translate_all
from summarizer.errors import MujazError
from summarizer.glossary import read_glossary
from summarizer.result import Brief, Evidence, Line, Translation
from summarizer.warning import MujazWarning

__all__ = [
    "Article",
    "Brief",
    "Evidence",
    "Line",
    "MujazError",
    "MujazWarning",
    "Translation",
    "read_any",
    "read_file",
    "read_glossary",
    "read_html",
    "read_text",
    "summarize",
    "summarize_all",
    "translate",
    "translate_all",
]
