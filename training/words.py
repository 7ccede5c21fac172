"""What words mean in the news, learned from the pairs.

    python -m training.words --data DIR... --held-out FILE...

writes `summarizer/engines/data/learned.tsv`: an Arabic stem, or ``=`` and a common word as it is
written, and the English lemmas, three at most, that stand where it stands. IBM Model 1 with a
null word (Brown et al., "The Mathematics of Statistical Machine Translation", Computational
Linguistics 19:2, 1993), begun with more weight on what the lexicon says, on stems without
clitics and on lemmas.
A stem of the lexicon needs a few sentences to be believed: where a pair alone decided
what its own gloss says, a model in training would learn to trust the gloss too much.
"""

from __future__ import annotations

import argparse
import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from summarizer.engines import build
from summarizer.engines.gloss import LEARNED, arabic_words, as_written, function_words
from summarizer.engines.lexicon import Lexicon, Reading
from training.data import HeldOut, Pair, keep, read_folder

ITERATIONS = 6
PRIOR = 20.0  # times the weight of a pair of words that the lexicon has, at the beginning
LEAST, LEAST_NEW = 3.0, 1.5  # expected count of a translation that is believed; of a new word's
FIRST, OTHER = 0.25, 0.1  # probability of the first translation, and of another one
ENOUGH = 0.8  # probability of all translations beside which the lexicon has no say
MEANINGS = 3
COMMON = 16  # times in the pairs from which a word as written has translations of its own
NULL = ""

# They stand everywhere, have no word of their own in Arabic, and would be learned for any.
_UNALIGNED = set(
    """a an the of to in on at for by with from as and or be have do it its that this
    which who not he she they his her their him them will would can could also but than into about
    you i your what when we if may might such up my our me us there where how so any some out
    no all these those one just over get make take""".split()  # noqa: SIM905 - readable
)


@dataclass(frozen=True)
class English:
    """English lemmas and how they are written.

    Attributes:
        lemmas: Lower-case form → lemma.
        written: Lemma → its commonest spelling inside a sentence ("monday" → "Monday").
    """

    lemmas: Mapping[str, str]
    written: Mapping[str, str]

    @classmethod
    def of(cls, conllu: Path, sentences: Iterable[str]) -> English:
        """Lemmas of a file (columns: id, form, lemma, …), spellings of `sentences`."""
        seen: dict[str, Counter[str]] = defaultdict(Counter)
        for line in gzip.decompress(conllu.read_bytes()).decode().splitlines():
            columns = line.split("\t")
            if len(columns) > 2 and columns[0].isdigit():
                seen[columns[1].lower()][columns[2].lower()] += 1
        made = cls({form: some.most_common(1)[0][0] for form, some in seen.items()}, {})
        spelt: dict[str, Counter[str]] = defaultdict(Counter)
        for sentence in sentences:
            for word in _english_words(sentence)[1:]:
                spelt[made.lemma(word)][word if word[0].isupper() else "lower"] += 1
        written = {lemma: some.most_common(1)[0][0] for lemma, some in spelt.items()}
        return cls(made.lemmas, {k: v for k, v in written.items() if v != "lower"})

    def lemma(self, word: str) -> str:
        """The lemma of a word; an abbreviation in capitals is its own."""
        if word.isupper() and len(word) > 1:
            return word
        lower = word.lower().removesuffix("'s")
        for form in (lower, lower.removesuffix("s")):
            if form in self.lemmas:
                return self.lemmas[form]
        return lower

    def content(self, sentence: str) -> list[str]:
        """The lemmas of a sentence that an Arabic word may be a translation of."""
        lemmas = map(self.lemma, _english_words(sentence))
        return [lemma for lemma in lemmas if lemma not in _UNALIGNED]


def _english_words(sentence: str) -> list[str]:
    return re.findall(r"[A-Za-z][A-Za-z'-]*[A-Za-z]|[A-Za-z]", sentence)


def keys(sentence: str, lexicon: Lexicon, common: Container[str]) -> list[str]:
    """A sentence's words as the table has them: common ones as written, others' stems.

    Function words are left out.
    """
    words = [word for word in arabic_words(sentence) if word not in function_words()]
    return [as_written(word) if word in common else lexicon.stem(word) for word in words]


def align(pairs: Sequence[tuple[list[str], list[str]]], lexicon: Lexicon) -> list[Row]:
    """IBM Model 1: for each key the lemmas, the likeliest first.

    Args:
        pairs: Keys and lemmas of a sentence and of its translation.
        lexicon: Says where to begin.
    """
    weight: dict[tuple[str, str], float] = {}
    for source, target in pairs:
        for key in source:
            known = _known(key, lexicon)
            for lemma in target:
                weight[key, lemma] = PRIOR if lemma in known else 1.0
        weight |= {(NULL, lemma): 1.0 for lemma in target}
    for _ in range(ITERATIONS):
        count: dict[tuple[str, str], float] = defaultdict(float)
        total: dict[str, float] = defaultdict(float)
        for source, target in pairs:
            for lemma in target:
                given = [(key, weight.get((key, lemma), 0.0)) for key in (*source, NULL)]
                norm = sum(share for _, share in given)
                for key, share in given:
                    if norm and share > norm / 1000:
                        count[key, lemma] += share / norm
                        total[key] += share / norm
        weight = {both: some / total[both[0]] for both, some in count.items()}
    return [Row(key, lemma, p, count[key, lemma]) for (key, lemma), p in weight.items() if key]


@dataclass(frozen=True, slots=True)
class Row:
    """A key of the table, a lemma, P(lemma | key) and how often they are expected to be aligned."""

    key: str
    lemma: str
    probability: float
    count: float


def _known(key: str, lexicon: Lexicon) -> set[str]:
    return {w.lower() for reading in _readings(key, lexicon) for w in reading.gloss.split()}


def _readings(key: str, lexicon: Lexicon) -> tuple[Reading, ...]:
    return lexicon.readings(key.removeprefix(as_written("")))


def believed(rows: Iterable[Row], lexicon: Lexicon) -> dict[str, list[Row]]:
    """The translations of each key that are likely and were seen often enough, best first."""
    by_key: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        least = LEAST if _readings(row.key, lexicon) else LEAST_NEW
        if row.count >= least and row.probability >= OTHER:
            by_key[row.key].append(row)
    best = {
        key: sorted(some, key=lambda row: (-row.probability, row.lemma))[:MEANINGS]
        for key, some in sorted(by_key.items())
    }
    return {key: some for key, some in best.items() if some[0].probability >= FIRST}


def learn(pairs: Sequence[Pair], conllu: Path) -> dict[str, list[str]]:
    """Key → English, from pairs that may be learned from."""
    english = English.of(conllu, (pair.english for pair in pairs))
    lexicon = Lexicon(build.ensure_model().lexicon)
    seen = Counter(word for pair in pairs for word in arabic_words(pair.arabic))
    common = {word for word, times in seen.items() if times >= COMMON}
    both = [(keys(p.arabic, lexicon, common), english.content(p.english)) for p in pairs]
    return {
        key: meanings(some, english, lexicon)
        for key, some in believed(align(both, lexicon), lexicon).items()
    }


def meanings(rows: Sequence[Row], english: English, lexicon: Lexicon) -> list[str]:
    """The lemmas as they are written, and the lexicon's best if they leave much open."""
    lemmas = [row.lemma for row in rows]
    own = [r.gloss for r in _readings(rows[0].key, lexicon) if english.lemma(r.gloss) not in lemmas]
    more = own[:1] if sum(row.probability for row in rows) < ENOUGH else []
    return [*(english.written.get(lemma, lemma) for lemma in lemmas), *more][:MEANINGS]


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description="Learn what words mean from pairs.")
    add = parser.add_argument
    add("--data", type=Path, nargs="+", required=True, help="folders of pairs")
    add("--english", type=Path, help="lemmas; default: english-ud.conllu.gz in the first folder")
    add("--held-out", type=Path, nargs="*", default=[], help="files never to learn from")
    add("--out", type=Path, default=LEARNED)
    args = parser.parse_args()
    training, validation = read_folder(*args.data)
    kept, _ = keep(training, HeldOut.of_files(args.held_out, validation))
    table = learn(kept, args.english or args.data[0] / "english-ud.conllu.gz")
    lines = ("\t".join([key, *some]) + "\n" for key, some in table.items())
    args.out.write_text("".join(lines), encoding="utf-8")
    print(f"{args.out}: {len(table):,} words from {len(kept):,} pairs")


if __name__ == "__main__":
    main()
