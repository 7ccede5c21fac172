"""`mujaz eval`: how good an engine is, whether it is better than another, and where it fails.

data.py       one layout for every set: `Item`, `Dataset`; formats.py reads what others use
lint.py       whether our own set is sound
systems.py    what is compared: engines, choosers, baselines, the oracle
predict.py    system × set → predictions, in JSONL
metrics.py    what can be measured of one prediction; facts.py: fact recall and precision
score.py      predictions → one line of figures for each article
stats.py      intervals and tests, over articles
compare.py    scores → what differs and what doesn't
report.py     all of it as one page; gate.py: whether it got worse
judge.py      a model's opinion, if one is asked for
"""
