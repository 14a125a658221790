# syntax=docker/dockerfile:1

FROM python:3.13-slim AS build
ENV PYTHONDONTWRITEBYTECODE=1 UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
WORKDIR /app
COPY requirements.lock requirements-uv.lock ./
RUN python -m venv /tools \
    && /tools/bin/pip install --no-cache-dir --require-hashes --only-binary=:all: -r requirements-uv.lock \
    && python -m venv --without-pip /app/.venv \
    && /tools/bin/uv pip sync --no-cache --require-hashes --python /app/.venv/bin/python requirements.lock
COPY manage.py ./
COPY config config
COPY sources sources
COPY claims claims
COPY templates templates
COPY static static
# Collecting needs a key and no secret.
RUN SECRET_KEY=build .venv/bin/python manage.py collectstatic --noinput --verbosity 0

FROM python:3.13-slim
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --system --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin hearsay
WORKDIR /app
# Root owns what the server runs: it can read it and not change it.
COPY --from=build /app /app
USER hearsay
EXPOSE 8000
CMD ["python", "-m", "uvicorn", "config.asgi:application", "--host", "0.0.0.0", "--port", "8000", \
     "--no-access-log", "--no-server-header", "--timeout-graceful-shutdown", "10"]
