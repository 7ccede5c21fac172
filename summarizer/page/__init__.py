"""The page: a Gradio front of `summarizer`, for people, and for programs through its API.

desk.py      who may work when; stopping, time limits
view.py      results as escaped HTML
words.py     every word of the interface, English and Arabic
blocks.py    the page's components and what their events do
server.py    HTTP: limits, password, health, prefix
"""
