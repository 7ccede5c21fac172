"""Numbers, dates and their words in Arabic and in English, and whether they agree.

Both languages are read into the same `Quantity`, so that "مليونان", "٢٬٠٠٠٬٠٠٠" and
"2 million" are one value. Words become items (unit, ten, hundred, scale, …), a `Total`
adds the items up, and what is left is what the two languages do differently: the names
of months and days, Arabic's duals, English's "dozens". Nothing here needs a model.

compare.py                                    source and hypothesis → what is invented, missing
figures.py                                    Arabic with figures for its number words
hijri.py                                      Arabic with dates of the Hijra as English writes them
repair.py                                     the one wrong number put right
arabic.py, english.py                         text → quantities
duals.py, measures.py, periods.py, scores.py  what the readers note beside plain numbers
reading.py, total.py                          the state of a reader; adding number words up
*_tables.py, arabic_forms.py                  words as data; Arabic words without their clitics
numerals.py                                   digits → values, times and dates
quantity.py, words.py                         the types of all these
"""

from pathlib import Path

from summarizer.numbers.arabic import arabic_quantities, is_number_word
from summarizer.numbers.arabic_forms import bare, clitic_forms, clitics_before
from summarizer.numbers.compare import Problem, compare_quantities, repeated_quantities
from summarizer.numbers.english import english_quantities
from summarizer.numbers.figures import with_figures
from summarizer.numbers.hijri import with_hijri_dates
from summarizer.numbers.numerals import numeral_values
from summarizer.numbers.quantity import Kind, Quantity, in_english
from summarizer.numbers.repair import Repair, repair

__all__ = [
    "FILES", "Kind", "Problem", "Quantity", "Repair", "arabic_quantities", "bare", "clitic_forms",
    "clitics_before", "compare_quantities", "english_quantities", "in_english", "is_number_word",
    "numeral_values", "repair", "repeated_quantities", "with_figures", "with_hijri_dates",
]  # fmt: skip

# For those who hash the code that a result depends on.
FILES = tuple(sorted(Path(__file__).parent.glob("*.py")))
