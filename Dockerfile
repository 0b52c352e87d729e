# A stage that builds, and a slim image with the binary alone, without its symbols.
FROM node:22-trixie-slim AS node

FROM rust:1.95-slim-trixie AS build
# For the pages; without it the build would go on with a page that says so.
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules/npm /usr/local/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && npm --version
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --locked --release --bin highwater \
    && ! grep -q 'Built without its pages' target/release/highwater \
    && strip -o /usr/local/bin/highwater target/release/highwater

FROM debian:trixie-slim
RUN useradd --system --uid 10001 --home-dir /data --create-home highwater
COPY --from=build /usr/local/bin/highwater /usr/local/bin/highwater
USER highwater
WORKDIR /data
VOLUME /data
ENV HIGHWATER_LISTEN=0.0.0.0:4200 \
    HIGHWATER_DATABASE_URL=sqlite:///data/highwater.db?mode=rwc
EXPOSE 4200
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["highwater", "health", "http://127.0.0.1:4200"]
ENTRYPOINT ["highwater"]
CMD ["serve"]
