# The packages as locked, then the source, run by a user who may write nowhere but in /data.
FROM python:3.13-slim-bookworm

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATABASE_URL=sqlite:////data/dealthread.db \
    HOST=0.0.0.0 \
    PORT=3000

WORKDIR /app
COPY requirements.lock pyproject.toml ./
# As a constraint the lock gives versions and hashes, but not the tools of development.
RUN pip install --no-cache-dir --quiet uv==0.13.9 \
    && uv pip install --system --no-cache --quiet --compile-bytecode \
        --require-hashes --constraint requirements.lock --requirement pyproject.toml \
    && pip uninstall --yes --quiet uv

COPY LICENSE manifest.yml ./
COPY bot bot
COPY handlers handlers
COPY store store
RUN python -m compileall -q bot handlers store \
    && printf '#!/bin/sh\nexec python -m bot.cli "$@"\n' > /usr/local/bin/dealthread \
    && chmod +x /usr/local/bin/dealthread \
    && useradd --system --uid 10001 --no-create-home dealthread \
    && install -d -o dealthread -g dealthread /data

USER dealthread
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["python", "-c", \
    "import os; from urllib.request import urlopen; urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=4)"]
CMD ["dealthread", "run"]
