# syntax=docker/dockerfile:1
# The service on the CPU, its models inside: 1.5 GB with its base; nothing is fetched when it runs.
#
#     docker build -t footnote .                      # docs/deployment.md: where torch's CPU build is from
#     docker run --read-only --tmpfs /tmp -v footnote:/data -p 127.0.0.1:8000:8000 -e QA_API_KEYS=… footnote
#
# Of CPython 3.11, for which constraints-torch.txt has the digest of torch's CPU build.
ARG BASE=python:3.11-slim-bookworm

FROM ${BASE} AS build
# An index that has torch's CPU build; without one it is the build for NVIDIA's cards, of twice the size.
ARG PIP_EXTRA_INDEX_URL=""
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /source
RUN python3 -m venv /opt/footnote
COPY constraints.txt constraints-dev.txt constraints-torch.txt ./
RUN /opt/footnote/bin/python -m pip download --no-deps --dest /wheels torch==2.13.0 \
 && /opt/footnote/bin/python -m pip install --require-hashes --no-deps --no-index --find-links /wheels -r constraints-torch.txt \
 && /opt/footnote/bin/python -m pip install --require-hashes --no-deps -r constraints.txt \
 && rm -rf /wheels
# What speaks with PostgreSQL, an extra of which the versions stand among those of the tests.
RUN awk '/^[^ #]/ {ours = /^psycopg/} ours' constraints-dev.txt > postgres.txt \
 && /opt/footnote/bin/python -m pip install --require-hashes --no-deps -r postgres.txt
# What of torch is for those who build with it, and its own tests: 0.2 GB.
RUN rm -rf /opt/footnote/lib/python3*/site-packages/torch/include \
           /opt/footnote/lib/python3*/site-packages/torch/share \
           /opt/footnote/lib/python3*/site-packages/torch/test \
 && find /opt/footnote/lib/python3*/site-packages/torch/bin -type f ! -name torch_shm_manager -delete
COPY . .
RUN /opt/footnote/bin/python -m pip install --no-deps --no-build-isolation . \
 && /opt/footnote/bin/python -m pip uninstall --yes pip

FROM ${BASE}
LABEL org.opencontainers.image.title="Footnote" org.opencontainers.image.licenses="Apache-2.0"
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin footnote \
 && install -d -o footnote -g footnote /data /cache
COPY --from=build /opt/footnote /opt/footnote
ENV PATH=/opt/footnote/bin:$PATH PYTHONDONTWRITEBYTECODE=1 \
    QA_DATA=/data QA_CACHE=/cache QA_HOST=0.0.0.0 QA_PORT=8000 QA_LOG_FORMAT=json
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health/ready', timeout=4)"]
ENTRYPOINT ["qa"]
CMD ["serve"]
