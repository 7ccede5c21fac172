"""The page: a Gradio front of `summarizer`, for people, and for programs through its API.

desk.py      who may work when; stopping, time limits
view.py      results as escaped HTML
words.py     every word of the interface, English and Arabic
events.py    what the operator decided, how events run, who asks
blocks.py    the page's components and what their events do; the API
feeds.py     runs of feeds on disk; feed_tab.py shows them
evaluate_tab.py  the harness's report
server.py    HTTP: limits, password, health, prefix
"""
