# The page in one image; the model is built into it, so that it needs no network at run time.
FROM python:3.11-slim-bookworm
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONUNBUFFERED=1 \
    MUJAZ_CACHE=/opt/mujaz-model HF_HUB_OFFLINE=1 GRADIO_TEMP_DIR=/tmp/gradio
RUN useradd --create-home --uid 1000 mujaz \
    && install -d -o mujaz -g mujaz /app /opt/mujaz-model /data
WORKDIR /app
COPY requirements.txt constraints.txt pyproject.toml README.md LICENSE NOTICE ./
# torch first and alone, from where its CPU build is; afterwards nothing asks for another one.
RUN pip install --extra-index-url https://download.pytorch.org/whl/cpu "$(grep '^torch==' requirements.txt)" \
    && pip install -c constraints.txt -r requirements.txt
COPY summarizer summarizer
COPY prompts prompts
COPY seeds seeds
COPY app.py ./
RUN pip install --no-deps -e .
USER mujaz
# The first brief builds the model.
RUN mujaz brief seeds/01-politics-wire.txt --quiet
EXPOSE 7860
VOLUME /data
HEALTHCHECK --start-period=60s CMD ["python", "-c", \
  "import urllib.request; urllib.request.urlopen('http://127.0.0.1:7860/health', timeout=5)"]
ENTRYPOINT ["python", "app.py", "--host", "0.0.0.0", "--data", "/data"]
