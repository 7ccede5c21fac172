"""Many articles: a feed in, briefs of all of it out, none lost and none twice.

reading (`readers`) → journal (`journal`) ⇄ working (`work`, in `pool` or `cluster`)
                         ↓
                      writing (`outputs`: JSON lines, Markdown, `digest`, `rss`, `atom`)

The journal is the only truth: what is not in it did not happen, and outputs are made from
nothing else. `run` knows the order of all this.

from summarizer.feed import Options, run_feed
report = run_feed("feed.xml", "news.journal", ["news.jsonl", "news.html"], Options())
"""

from summarizer.feed.journal import Item, Journal
from summarizer.feed.outputs import write_outputs
from summarizer.feed.run import Report, Snapshot, retry_failed, run_feed
from summarizer.feed.work import Options

__all__ = [
    "Item",
    "Journal",
    "Options",
    "Report",
    "Snapshot",
    "retry_failed",
    "run_feed",
    "write_outputs",
]
