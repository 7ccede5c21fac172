# make brief [FILE=path]   brief an article (default: the first of seeds/)
# make app                 the page, at http://127.0.0.1:7860/
# make test                ruff, mypy and the tests
# make bench-feed          speed and memory of feeds, into bench/feed_report.json; needs two free cores
# make bench               speed and memory, into bench/report.json
# make pictures            every tab of the page, and its accessibility, into docs/
# make evaluate            our systems and baselines on eval/data/test, into eval/runs/test
# make outside             embedded on FLORES, NTREX and native articles, into eval/runs
# make gate                fails if the dev half's figures fell by more than noise
# make train MINUTES=90    the embedded model's word table and weights, into run/
# make eval-model          its translation, measured beside baselines, into training/results/
PYTHON ?= python3.11
FILE ?= $(firstword $(sort $(filter-out %/README.md,$(wildcard seeds/*))))
DATA ?= ../shared/train training/data
HELD_OUT ?= $(wildcard ../shared/eval/*.tsv ../shared/eval/*.jsonl training/valid/*.tsv)
MINUTES ?= 90
VENV := .venv
RUN := $(VENV)/bin

.PHONY: brief app test check pictures bench bench-feed train eval-model evaluate outside clean gate

brief: $(VENV)/ready
	$(RUN)/mujaz brief "$(FILE)"

app: $(VENV)/ready
	$(RUN)/mujaz app

test: check
	$(RUN)/pytest -n 2 --dist loadfile -m 'not alone'
	$(RUN)/pytest -m alone

check: $(VENV)/ready-dev
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/mypy

pictures: $(VENV)/ready-dev
	PYTHONPATH=. $(RUN)/python docs/pictures/make.py

bench-feed: $(VENV)/ready-dev
	$(RUN)/python -m bench.feed

bench: $(VENV)/ready-dev
	$(RUN)/python -m bench.run

train: $(VENV)/ready-dev
	$(RUN)/python -m training.words --data $(DATA) --held-out $(HELD_OUT)
	$(RUN)/python -m training.train --data $(DATA) --held-out $(HELD_OUT) --out run --minutes $(MINUTES)

TRANSLATION := ../shared/eval/flores200-devtest.tsv ../shared/eval/ntrex-a.tsv
eval-model: $(VENV)/ready-dev
	$(RUN)/python -m training.evaluate --system gloss embedded --data $(TRANSLATION) --out training/results
	$(RUN)/python -m training.evaluate --system gloss base ../shared/adapter embedded:fast embedded \
	  --data $(TRANSLATION) --first 200 --out training/results/first200

EVAL := $(RUN)/mujaz eval
CHOICES := lead lead-1 lead-2 lead-3 random headline oracle translated
SYSTEMS := embedded embedded:fast embedded:likeliest embedded:glossless embedded:as-written $(CHOICES:%=%@embedded) \
  gloss copy empty
# Set, run, systems, options of the report. A process for each system: its peak memory is then known.
define evaluated
	for system in $(3); do $(EVAL) predict $(1) -o eval/runs/$(2) -s $$system || exit; done
	$(EVAL) score $(1) -o eval/runs/$(2)
	$(EVAL) compare eval/runs/$(2) --baseline embedded
	$(EVAL) report eval/runs/$(2) $(4)
endef

evaluate: $(VENV)/ready-dev
	$(call evaluated,eval/data/test,test,$(SYSTEMS))

OUTSIDE ?= ../shared/eval
outside: $(VENV)/ready-dev
	$(call evaluated,$(OUTSIDE)/flores200-devtest.tsv,flores,embedded gloss,--no-texts)
	$(call evaluated,$(OUTSIDE)/ntrex-a.tsv,ntrex,embedded gloss,--no-texts)
	$(call evaluated,$(OUTSIDE)/ntrex-a-headline.jsonl,headline,embedded gloss,--no-texts)
	$(call evaluated,$(OUTSIDE)/ntrex-a-lead3.jsonl,lead3,embedded gloss lead-3@embedded copy empty,--no-texts)
	rm -rf run/native6 && mkdir -p run/native6
	for file in $(OUTSIDE)/native/*; do head -6 "$$file" > "run/native6/$${file##*/}" || exit; done
	$(call evaluated,run/native6,native,embedded,--no-texts)

gate: $(VENV)/ready-dev
	$(EVAL) predict eval/data/dev -o eval/runs/gate -s embedded:fast
	$(EVAL) score eval/data/dev -o eval/runs/gate
	$(EVAL) gate eval/runs/gate/scores/embedded_fast.jsonl

# torch first and alone: its CPU build; afterwards nothing asks for another one.
$(VENV)/ready: requirements.txt constraints.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] < (3, 11) and "Mujaz needs Python 3.11")'
	$(PYTHON) -m venv $(VENV)
	$(RUN)/pip install --quiet --disable-pip-version-check $(shell grep '^torch==' requirements.txt)
	$(RUN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(VENV)/ready-dev: $(VENV)/ready
	$(RUN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
