# The bot as an image. Node is the image's own; the one that the lock file brings is left out with
# everything else that only development needs.
FROM node:24.21.0-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund && rm -rf node_modules/node-linux-* node_modules/.bin/node

FROM node:24.21.0-bookworm-slim AS bundle
WORKDIR /app
COPY package.json package-lock.json rolldown.config.ts ./
RUN npm ci --no-audit --no-fund
COPY src src
RUN npx rolldown -c

FROM node:24.21.0-bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates tini \
  && rm -rf /var/lib/apt/lists/*
# Less memory, and a quicker start with what was compiled when the image was built: docs/performance.md.
ENV NODE_ENV=production DATA_DIR=/data MALLOC_ARENA_MAX=2 NODE_COMPILE_CACHE=/app/compiled
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY package.json LICENSE app.yml ./
COPY --from=bundle /app/dist dist
# For the scripts, which nobody waits for.
COPY src src
COPY script script
RUN mkdir /data compiled && chown node:node /data compiled
USER node
RUN node --disable-warning=ExperimentalWarning script/compile.ts
VOLUME /data
EXPOSE 3000
HEALTHCHECK CMD node -e "fetch('http://127.0.0.1:'+(process.env.PORT||3000)+'/healthz').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"
ENTRYPOINT ["tini", "--"]
CMD ["node", "--disable-warning=ExperimentalWarning", "--max-semi-space-size=4", "--no-concurrent-recompilation", "dist/main.js"]
